import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** Makes the README's picture: the demo in a real browser (CHROMIUM_PATH, else /usr/bin/chromium), set in Inter. */
const root = fileURLToPath(new URL("..", import.meta.url));
const question = process.argv[2] ?? "Which services make up 80% of our cloud cost last month?";
const out = process.argv[3] ?? join(root, "docs/pictures/answer.png");

const folder = mkdtempSync(join(tmpdir(), "firstmate-picture-"));
const fonts = join(folder, "fonts.conf");
writeFileSync(
  fonts,
  `<fontconfig><dir>${dirname(fileURLToPath(import.meta.resolve("@expo-google-fonts/inter/package.json")))}</dir><cachedir>${folder}</cachedir></fontconfig>`,
);

const server = spawn(process.execPath, ["bin/firstmate.mjs", "demo", "--port", "0"], {
  cwd: root,
  env: { ...process.env, DATA_DIR: folder },
  stdio: ["ignore", "pipe", "inherit"],
});
const url = await new Promise<string>((resolve, reject) => {
  server.stdout.on("data", (chunk: Buffer) => {
    const found = /"url":"([^"]+)"/.exec(chunk.toString());
    if (found?.[1]) resolve(found[1]);
  });
  server.once("exit", () => reject(new Error("the demo did not start")));
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
  env: { ...process.env, FONTCONFIG_FILE: fonts },
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  await page.goto(url);
  await page.getByRole("textbox").fill(question);
  await page.keyboard.press("Enter");
  await page.locator('img[src*="/charts/"]').first().waitFor();
  await page
    .locator('img[src*="/charts/"]')
    .first()
    .evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode());
  await page.screenshot({ path: out });
  console.log(`wrote ${out}`);
} finally {
  await browser.close();
  server.kill("SIGTERM");
}
