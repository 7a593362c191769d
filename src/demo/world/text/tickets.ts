import type { Theme } from "../types.ts";

/** What customers write, by theme: subject and text. {place} is a terminal or warehouse, {n} a number. */
export const TICKET_WORDS: Readonly<Record<Theme, { service: string; texts: readonly (readonly [string, string])[] }>> = {
  "stock counts": {
    service: "depot-api",
    texts: [
      [
        "Stock differs from the floor",
        "Our count in {place} says {n} pallets, the screen says {n2}. We counted twice. Which one is right?",
      ],
      ["Negative stock again", "Article {n} shows a negative quantity since this morning. Nothing was picked from that zone."],
      [
        "Scans are booked twice",
        "When the network comes back, the scanner posts the same moves again. We now have {n} pallets too many on paper.",
      ],
      ["Cycle count cannot be closed", "There are differences on {n} lines that nobody can explain, and the auditor is here on Friday."],
      [
        "Goods receipt appears two times",
        "The receipt of truck {n} is in the list twice, with the same time. Please remove one and tell us why.",
      ],
    ],
  },
  "slow screens": {
    service: "web-app",
    texts: [
      ["Everything is slow today", "Each click takes {n} seconds. Our planners are waiting and the vessel will not."],
      ["Berth plan takes for ever to open", "The week plan needs half a minute to open since this morning. Yesterday it was fine."],
      ["Reservation screen hangs", "The wheel turns and nothing happens in {place}. After a while it says time-out."],
      ["List of moves loads slowly", "With more than {n} moves the page is white for a long time. Can you look at it?"],
    ],
  },
  "login trouble": {
    service: "identity",
    texts: [
      ["I am signed out all the time", "I have to sign in again every half hour, in the middle of my work. Please make it stop."],
      ["Cannot sign in", "The page says that my password is wrong, but I have just changed it. {n} colleagues have the same."],
      ["Code never arrives", "The code for signing in comes after ten minutes or not at all. Drivers stand at the gate of {place}."],
      ["Lost access after a role change", "Since our administrator changed my role I see an empty menu."],
    ],
  },
  "failed gate bookings": {
    service: "gate-api",
    texts: [
      [
        "Slot taken although it was free",
        "We book a free slot and get 'slot taken'. Then it is free again. {n} trucks are affected in {place}.",
      ],
      [
        "Booking fails at the last step",
        "After confirming, the page shows an error. Was the slot booked or not? Our driver is on the road.",
      ],
      ["No bookings possible", "Nobody here can book for {place} since the morning. The phone queue is full too."],
      ["Cancelled slot was charged", "We cancelled booking {n} in time and still pay the no-show fee."],
    ],
  },
  "wrong invoice": {
    service: "billing-engine",
    texts: [
      ["Storage charged twice", "Invoice {n} has the storage fees of {place} two times. Please send a credit note."],
      ["Old tariff on the invoice", "We agreed a new tariff from the first of the month; the invoice uses the old one."],
      ["Total does not match the lines", "If I add up the lines I get {n} less than your total. Accounting will not pay it like this."],
      ["Invoice without cost centre", "We need our cost centre on each line, as in the years before."],
    ],
  },
  "video stutters": {
    service: "view-player",
    texts: [
      ["Video stops every few seconds", "The picture of {place} freezes and jumps. On the phone it is worst; the office line is fast."],
      ["Black picture on the wall", "{n} of nine cameras are black after the night. A reload helps for an hour."],
      ["Very long start of the video", "It takes {n} seconds until the camera starts on our tablets."],
      ["Picture quality changes all the time", "One moment sharp, then blurred, then it loads. We cannot read the container numbers."],
    ],
  },
  "export and reports": {
    service: "reporting",
    texts: [
      ["Report of yesterday is empty", "The scheduled report came at six, but without a single line."],
      ["Export stops at {n} rows", "The file ends in the middle. We need the whole month for customs."],
      ["Numbers in report and screen differ", "The turn times in the report are not those on the screen. Which do we show our board?"],
      ["Report came twice", "We received the same report two times and added it up twice. Please check the schedule."],
    ],
  },
  "integration errors": {
    service: "ingest-pipeline",
    texts: [
      ["Messages are rejected since Monday", "Our system sends the same message as always and gets a 400. Nothing was changed here."],
      ["Positions arrive late", "Vessel positions come with a delay of {n} minutes. Our own map is useless like this."],
      ["Webhook calls twice", "We get each event two times and create {n} orders too many."],
      ["Certificate warning from your side", "Our gateway refuses your certificate since last night."],
    ],
  },
  "assistant answers": {
    service: "assistant-api",
    texts: [
      ["Assistant gave a wrong free time", "It said that {place} closes at ten. It closes at eight, and our driver stood there."],
      ["Document was read only in part", "The second page of the bill of lading is missing in the result."],
      ["Answer in the wrong language", "We ask in Portuguese and get English. It used to work."],
      ["No sources in the answer", "Please show where the number comes from; we cannot pass it on like this."],
    ],
  },
  "how do I": {
    service: "web-app",
    texts: [
      ["How do I add a colleague?", "We have {n} new colleagues and do not find where to invite them."],
      ["Where can I change the time zone?", "Our times are two hours off since we opened {place}."],
      ["How to read the new report", "What does 'turn time' include: the queue as well?"],
      ["Can we have a copy of our contract?", "Our purchasing asks for it. Thank you, and greetings from {place}."],
    ],
  },
};

export const PLACES = [
  "Westhaven",
  "Quay Nine",
  "the north yard",
  "Marsh Street",
  "Terminal Two",
  "the cold store",
  "Hall C",
  "Eastbank",
  "the new depot",
  "Pier Four",
] as const;

/** Weight of each theme in everyday tickets, by segment of the customer. */
export const EVERYDAY_THEMES: Readonly<Record<string, readonly (readonly [Theme, number])[]>> = {
  haulier: [
    ["failed gate bookings", 0.27],
    ["login trouble", 0.16],
    ["how do I", 0.2],
    ["wrong invoice", 0.12],
    ["slow screens", 0.11],
    ["assistant answers", 0.08],
    ["integration errors", 0.06],
  ],
  depot: [
    ["stock counts", 0.2],
    ["slow screens", 0.16],
    ["how do I", 0.18],
    ["export and reports", 0.15],
    ["login trouble", 0.11],
    ["wrong invoice", 0.13],
    ["integration errors", 0.07],
  ],
  forwarder: [
    ["integration errors", 0.2],
    ["export and reports", 0.18],
    ["failed gate bookings", 0.16],
    ["how do I", 0.18],
    ["assistant answers", 0.12],
    ["wrong invoice", 0.16],
  ],
  terminal: [
    ["video stutters", 0.22],
    ["slow screens", 0.2],
    ["export and reports", 0.2],
    ["how do I", 0.14],
    ["integration errors", 0.12],
    ["wrong invoice", 0.12],
  ],
};

/** What people write about when a service is in trouble. */
export const THEME_OF_SERVICE: Readonly<Record<string, Theme>> = {
  "gate-api": "failed gate bookings",
  "haulier-portal": "failed gate bookings",
  "berth-planner": "slow screens",
  "vessel-feed": "integration errors",
  "depot-api": "slow screens",
  "depot-scanner": "stock counts",
  "view-ingest": "video stutters",
  "view-player": "video stutters",
  "billing-engine": "wrong invoice",
  "web-app": "slow screens",
  "assistant-api": "assistant answers",
  "ingest-pipeline": "integration errors",
  reporting: "export and reports",
  identity: "login trouble",
};

export const PRODUCTS = [
  "coffee, green",
  "tyres",
  "ceramic tiles",
  "bicycle frames",
  "paper rolls",
  "olive oil",
  "printed circuit boards",
  "wine, boxed",
  "garden chairs",
  "machine parts",
  "rice",
  "solar panels",
  "textiles",
  "paint",
] as const;
