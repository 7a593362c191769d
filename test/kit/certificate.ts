import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";

/** Certificates of the test's own, in DER by hand (X.690, RFC 5280): Node reads them and makes none. */
export interface TestCertificate {
  name: string;
  pem: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

export interface CertificateOptions {
  /** Common name and DNS name. */
  name: string;
  from?: Date;
  to?: Date;
  /** Who signs it; itself without. */
  issuer?: TestCertificate;
}

/** Valid from 2020 to 2040 unless told otherwise. */
export function makeCertificate({
  name,
  issuer,
  from = new Date("2020-01-01"),
  to = new Date("2040-01-01"),
}: CertificateOptions): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signer = issuer ?? { name, privateKey };
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(Math.floor(Math.random() * 2 ** 31)),
    SHA256_RSA,
    nameOf(signer.name),
    sequence(timeOf(from), timeOf(to)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(sequence(oid("551d11"), tagged(0x04, sequence(tagged(0x82, Buffer.from(name))))))),
  );
  const signature = createSign("RSA-SHA256").update(body).sign(signer.privateKey);
  const der = sequence(body, SHA256_RSA, tagged(0x03, Buffer.from([0]), signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return { name, publicKey, privateKey, pem: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n") };
}

function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tagged(0x30, ...content);
}

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  return tagged(0x02, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

const SHA256_RSA = sequence(oid("2a864886f70d01010b"), tagged(0x05));

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("550403"), tagged(0x0c, Buffer.from(commonName)))));
}

/** "20260101000000Z" */
function timeOf(at: Date): Buffer {
  return tagged(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`));
}
