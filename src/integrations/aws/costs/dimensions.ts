/** What costs are split by: Cost Explorer's dimensions and the cost allocation tags there are. */

export interface Dimension {
  /** As people ask for it: "service", or a tag's key in lower case. */
  name: string;
  type: "DIMENSION" | "TAG";
  /** As Cost Explorer calls it: "SERVICE", or the tag's key. */
  key: string;
}

export const NOT_SET = "(not set)";

const dimension = (name: string, key: string): Dimension => ({ name, type: "DIMENSION", key });
export const SERVICE = dimension("service", "SERVICE");
export const ACCOUNT = dimension("account", "LINKED_ACCOUNT");
export const REGION = dimension("region", "REGION");
export const USAGE_TYPE = dimension("usage_type", "USAGE_TYPE");
export const CHARGE_CATEGORY = dimension("charge_category", "RECORD_TYPE");
export const DIMENSIONS: readonly Dimension[] = [SERVICE, ACCOUNT, REGION, USAGE_TYPE, CHARGE_CATEGORY];

/** More tags than this would make every description dear. The usual ones come first. */
const MOST_TAGS = 8;
const USUAL_TAGS = ["team", "environment", "env", "project", "application", "app", "product", "owner", "cost_center", "department"];

/** Tag keys as dimensions; what AWS itself sets is left out. */
export function tagDimensions(keys: readonly string[]): Dimension[] {
  const own = [...new Set(keys)].filter((key) => key !== "" && !key.startsWith("aws:"));
  const rank = (key: string) => {
    const at = USUAL_TAGS.indexOf(nameOf(key));
    return at < 0 ? USUAL_TAGS.length : at;
  };
  const sorted = own.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, MOST_TAGS);
  const used = new Set(DIMENSIONS.map(({ name }) => name));
  return sorted.map((key): Dimension => {
    const plain = nameOf(key);
    const base = used.has(plain) ? `tag_${plain}` : plain;
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}_${n}`;
    used.add(name);
    return { name, type: "TAG", key };
  });
}

/** "cost-center" → "cost_center" */
function nameOf(key: string): string {
  return (
    key
      .replace(/([a-z])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 40) || "tag"
  );
}

/** A group's key as a value: Cost Explorer writes a tag's as "team$gate". */
export function valueIn({ type, key }: Dimension, given: string): string {
  const value = type === "TAG" && given.startsWith(`${key}$`) ? given.slice(key.length + 1) : given;
  return value === "" || value === "NoRegion" ? NOT_SET : value;
}
