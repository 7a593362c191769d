import { describe, expect, test } from "vitest";
import { deniedDeed } from "../../../src/agent/model/deeds.ts";
import { finding } from "./world.ts";

const NOTHING = "Nothing was created, changed or sent: there is no card to approve.";
const card = finding("A card.", { blocks: [{ type: "approval", id: "7f3a1c", title: "Post", lines: [], expiresAt: new Date(0) }] });

describe("a claim of a deed is denied", () => {
  test.each([
    ["I've created the issue.", "open a ticket"],
    ["I have successfully posted the summary to #finops.", "what did we spend?"],
    ["I just sent it to the team.", "tell the team"],
    ["Done! The digest now comes at nine.", "move the digest to nine"],
    ["Costs rose.\n\nApproved: the write was done.", "what did we spend?"],
    ["The ticket has been filed under OPS.", "file a ticket"],
    ["A card waits for your approval.", "create an issue in OPS"],
    ["I moved the cost digest to nine o'clock.", "move the cost digest to nine"],
  ])("%s", (answer, question) => expect(deniedDeed(answer, question, [finding("a result")])).toBe(NOTHING));

  test("where there is a card, it is what waits", () => {
    expect(deniedDeed("I posted it.", "post it", [card])).toBe("Nothing has been done yet: the card waits for its approval.");
    expect(deniedDeed("The post waits for your approval.", "post it", [card])).toBeUndefined();
  });
});

describe("no claim is", () => {
  test.each([
    ["We closed 12 pull requests and opened 14 issues.", "what did the team do?"],
    ["OPS-12 was created on 3 October and has been closed since.", "what happened to OPS-12?"],
    ["Three pull requests are waiting for approval.", "which pull requests are stuck?"],
    ["I compared October with September and moved the window to complete days.", "compare the costs"],
    ["I created a table of the services below.", "costs by service"],
    ["60% of the work is done. The rest is open.", "how far are we?"],
    ["I could not create the issue: Jira does not know the project.", "create an issue"],
  ])("%s", (answer, question) => expect(deniedDeed(answer, question, [])).toBeUndefined());
});
