import type { Address } from "./address.ts";
import type { RenderedMail } from "./render.ts";

export interface Picture {
  /** "chart1@example.com" */
  cid: string;
  png: Buffer;
}

export interface MailHead {
  from: Address;
  to: string;
  /** With its angle brackets, as the next two. */
  id: string;
  /** The mail it goes on from. */
  before?: string;
  date: Date;
  pictures: readonly Picture[];
}

/** The message as it goes over the wire: plain text, HTML, and the pictures that the HTML names. Machines are told not to answer. */
export async function composeMail({ subject, html, text }: RenderedMail, head: MailHead): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const { from, to, id, before, date, pictures } = head;
  const composer = new MailComposer({
    from: { name: from.name, address: from.address },
    to: { name: "", address: to },
    ...{ subject, html, text, messageId: id, date },
    ...(before === undefined ? {} : { inReplyTo: before, references: [before] }),
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    attachments: pictures.map(({ cid, png }, i) => ({ cid, content: png, contentType: "image/png", filename: `chart-${i + 1}.png` })),
    disableUrlAccess: true,
    disableFileAccess: true,
  });
  return composer.compile().build();
}
