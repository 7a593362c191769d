import type { Tool } from "../core/tool.ts";
import { UserError, VendorError } from "../errors.ts";
import { createWithholder } from "../telemetry/withhold.ts";

/**
 * The tool without secrets in what it finds and in its errors: a ticket, a log line or an external server may hold a key, ours among
 * them. Its errors repeat no link of its arguments either: a model chose those, and whoever reads the error would have it from us.
 */
export function withoutSecrets(secrets: readonly string[]): (tool: Tool) => Tool {
  const withhold = createWithholder(secrets);
  const mended = (error: unknown, input: unknown): unknown => {
    const clean = (text: string) => withoutEchoedLinks(withhold(text), input);
    if (error instanceof UserError) {
      const { message, path, suggestions, cause } = error;
      return new UserError(clean(message), { path, suggestions: suggestions.map(clean), cause });
    }
    if (error instanceof VendorError) {
      const { vendor, message, detail, status, cause } = error;
      return new VendorError(vendor, clean(message), { detail: clean(detail), ...(status === undefined ? {} : { status }), cause });
    }
    return error;
  };
  return (tool) => {
    const mending = <T>(work: Promise<T>, input: unknown) =>
      work.catch((error: unknown) => {
        throw mended(error, input);
      });
    const { preview } = tool;
    return {
      ...tool,
      // A card shows what is really written.
      ...(preview ? { preview: (input, context) => mending(preview(input, context), input) } : {}),
      run: async (input, context) => withhold(await mending(tool.run(input, context), input)),
    };
  };
}

const LINK = /\b([a-z][a-z0-9+.-]{0,20}):(?=\/\/([^\s/?#"“”'’<>()]*))/gi;

/** "https://evil.example" that the arguments name stays to be read, and is no link. */
function withoutEchoedLinks(text: string, input: unknown): string {
  if (!text.includes("://")) return text;
  const said = JSON.stringify(input)?.toLowerCase() ?? "";
  return text.replace(LINK, (whole, scheme: string, host: string) =>
    said.includes(`//${host.replace(/…$/, "").toLowerCase()}`) ? `${scheme}∶` : whole,
  );
}
