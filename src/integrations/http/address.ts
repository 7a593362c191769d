import { BlockList, isIP } from "node:net";

/** IANA special-purpose registries: what is not for the open internet. */
const NOT_PUBLIC_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Only 2000::/3 is given out; inside it, these carry an IPv4 address or are set aside. */
const GLOBAL_V6 = ["2000::/3"];
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const closedV4 = listOf(NOT_PUBLIC_V4, "ipv4");
const openV6 = listOf(GLOBAL_V6, "ipv6");
const closedV6 = listOf(NOT_PUBLIC_V6, "ipv6");

/** Whether an IP address leads to the open internet. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !closedV4.check(address, "ipv4");
  if (isIP(address) === 6) return openV6.check(address, "ipv6") && !closedV6.check(address, "ipv6");
  return false;
}

function listOf(ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", prefix] = range.split("/");
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
