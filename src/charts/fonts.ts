import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError } from "../errors.ts";

/**
 * Inter, shipped as a package, for machines without any font: there the SVG renderer draws boxes and does not complain.
 * This file alone touches FONTCONFIG_FILE.
 */
export interface FontFiles {
  regular: string;
  semiBold: string;
}

const SYSTEM_FONTS = "/etc/fonts/fonts.conf";

let prepared: FontFiles | undefined;

/**
 * Names our fonts to fontconfig, keeping the fonts of the machine (or of an earlier FONTCONFIG_FILE) for scripts Inter lacks.
 * Must run before sharp first loads: fontconfig reads its file once. Throws ConfigError when no temporary file can be written.
 */
export function prepareFonts(): FontFiles {
  if (prepared) return prepared;
  const files = fontFiles();
  const earlier = process.env.FONTCONFIG_FILE;
  process.env.FONTCONFIG_FILE = writeFontConfig(files, earlier || SYSTEM_FONTS);
  prepared = files;
  return files;
}

function fontFiles(): FontFiles {
  const folder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/inter/package.json"));
  return {
    regular: join(folder, "400Regular", "Inter_400Regular.ttf"),
    semiBold: join(folder, "600SemiBold", "Inter_600SemiBold.ttf"),
  };
}

function writeFontConfig(files: FontFiles, include: string): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), "firstmate-fonts-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "fonts.conf");
    writeFileSync(path, fontConfig(files, include, join(folder, "cache")));
    return path;
  } catch (cause) {
    const problem = `Charts need a writable temporary directory for their font settings, and ${tmpdir()} is not: set TMPDIR to one that is.`;
    throw Object.assign(new ConfigError([problem]), { cause });
  }
}

function fontConfig(files: FontFiles, include: string, cache: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${escapeXml(dirname(files.regular))}</dir>
  <dir>${escapeXml(dirname(files.semiBold))}</dir>
  <cachedir>${escapeXml(cache)}</cachedir>
  <include ignore_missing="yes">${escapeXml(include)}</include>
</fontconfig>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
