import { describe, expect, it } from "vitest";
import { markdownOf } from "../../../src/integrations/confluence/markdown.ts";

describe("a page as markdown", () => {
  it.each<[string, string, string]>([
    ["headings and paragraphs", "<h1>Signs</h1><p>It <strong>squeaks</strong>,<br/>often.</p>", "## Signs\n\nIt **squeaks**,\noften."],
    [
      "nested lists",
      "<ol><li><p>Look</p><ul><li>left</li><li>right</li></ul></li><li>Mend</li></ol>",
      "1. Look\n  - left\n  - right\n2. Mend",
    ],
    [
      "tables",
      "<table><tbody><tr><th>Sign</th><th><p>Do</p></th></tr><tr><td>red | hot</td><td>run</td></tr></tbody></table>",
      "| Sign | Do |\n|---|---|\n| red / hot | run |",
    ],
    [
      "a code macro",
      '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sh</ac:parameter><ac:plain-text-body><![CDATA[a < b\n# c]]></ac:plain-text-body></ac:structured-macro>',
      "```\na < b\n# c\n```",
    ],
    [
      "a panel",
      '<ac:structured-macro ac:name="info"><ac:rich-text-body><p>Mind <code>the gap</code></p></ac:rich-text-body></ac:structured-macro>',
      "Mind `the gap`",
    ],
    [
      "links as their words",
      '<p><a href="https://evil.example">here</a> and <ac:link><ri:page ri:content-title="On call"/></ac:link></p>',
      "here and On call",
    ],
    [
      "pictures and unknown tags as nothing",
      '<p>a<ac:image><ri:attachment ri:filename="x.png"/></ac:image><time datetime="2026"/>b</p>',
      "ab",
    ],
    ["references", "<p>&lt;b&gt; &amp; &auml;&#8594;&#x1F600;&bogus;</p>", "<b> & ä→😀&bogus;"],
    [
      "words that look like markup as words",
      "<p># no heading</p><p>1. none</p><p>[a](https://evil.example)</p>",
      "\\# no heading\n\n\\1. none\n\n[a] (https∶//evil.example)",
    ],
    ["broken markup without an end", "<p>a <b>b < c <li>d</p><![CDATA[e", "a **b < c\nd\n\ne"],
    ["nothing", "", ""],
  ])("keeps %s", (_, storage, markdown) => {
    expect(markdownOf(storage)).toBe(markdown);
  });

  it("takes time in proportion to the page, whatever it holds", () => {
    const nasty = `${"<".repeat(50_000)}${"<p ".repeat(20_000)}${"&".repeat(50_000)}<![CDATA[${"]]".repeat(20_000)}`;
    expect(markdownOf(nasty).length).toBeLessThan(nasty.length * 2);
  });
});
