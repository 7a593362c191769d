import type { Customer } from "../types.ts";

const A =
  "Amber Birch Cobalt Dune Elm Fern Granite Harrow Iris Juniper Kestrel Linden Marsh North Ochre Pine Quarry Reed Sable Teal Umber Vale Willow Yarrow Alder Beacon Cedar Drift Ember Flint Grove Heron Ivory Jetty Keel Lark Mallow Nettle Osprey Plover Russet Sorrel Thistle".split(
    " ",
  );
const B =
  "bridge burn cove dale edge field gate haven hill island key lake mere moor mount point port reach ridge river rock sand shore side spring stead stone strand stream tide tower vale view wall ward water wave wharf wick wood worth yard bank bay beck bluff".split(
    " ",
  );
const KINDS: Readonly<Record<Customer["segment"], readonly string[]>> = {
  haulier: ["Haulage", "Trucking", "Transport", "Road Freight"],
  terminal: ["Terminal", "Container Terminal", "Port Services"],
  forwarder: ["Forwarding", "Logistics", "Freight"],
  depot: ["Depot", "Warehousing", "Storage"],
};

/** A company name nobody bears; two customers share none before the lists have gone round together. */
export function customerName(index: number, segment: Customer["segment"]): string {
  const kinds = KINDS[segment];
  return `${A[index % A.length] ?? ""}${B[index % B.length] ?? ""} ${kinds[Math.floor(index / 7) % kinds.length] ?? ""}`;
}
