/** Same name but for case, spaces, hyphens and a plural s. */
export function sameName(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[\s_-]/g, "")
      .replace(/s$/, "");
  return plain(a) === plain(b);
}
