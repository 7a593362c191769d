import type { DatasetMeasure } from "./schema.ts";

/**
 * Bills that need no description: FOCUS 1.x (focus.finops.org) and the AWS Cost and Usage Report, both in the spelling of the
 * export ("lineItem/UnblendedCost") and of Athena and CUR 2.0 ("line_item_unblended_cost").
 */
export interface Recognised {
  kind: "FOCUS" | "CUR";
  time: string;
  measures: DatasetMeasure[];
  dimensions: { name: string; column: string }[];
}

/** Dimension → columns that may hold it, the preferred first. */
type Columns = Readonly<Record<string, readonly string[]>>;

const FOCUS_MEASURES: Columns = {
  cost: ["BilledCost"],
  effective_cost: ["EffectiveCost"],
  list_cost: ["ListCost"],
  contracted_cost: ["ContractedCost"],
};
const FOCUS_DIMENSIONS: Columns = {
  service: ["ServiceName"],
  account: ["BillingAccountName", "BillingAccountId"],
  sub_account: ["SubAccountName", "SubAccountId"],
  region: ["RegionId", "RegionName", "Region"],
  service_category: ["ServiceCategory"],
  charge_category: ["ChargeCategory"],
  provider: ["ProviderName", "ServiceProviderName"],
  publisher: ["PublisherName"],
  availability_zone: ["AvailabilityZone"],
  resource: ["ResourceName", "ResourceId"],
  resource_type: ["ResourceType"],
  pricing_category: ["PricingCategory"],
  commitment: ["CommitmentDiscountType"],
  sku: ["SkuId"],
};
const CUR_MEASURES: Columns = {
  cost: ["lineItem/UnblendedCost"],
  blended_cost: ["lineItem/BlendedCost"],
  on_demand_cost: ["pricing/publicOnDemandCost"],
};
const CUR_DIMENSIONS: Columns = {
  service: ["lineItem/ProductCode"],
  account: ["lineItem/UsageAccountId"],
  payer_account: ["bill/PayerAccountId"],
  region: ["product/region", "product/regionCode"],
  charge_category: ["lineItem/LineItemType"],
  usage_type: ["lineItem/UsageType"],
  operation: ["lineItem/Operation"],
  product_family: ["product/productFamily"],
  availability_zone: ["lineItem/AvailabilityZone"],
  resource: ["lineItem/ResourceId"],
};

/** Looks at the column names alone. Undefined when it is neither. */
export function recognise(columns: readonly string[]): Recognised | undefined {
  const byKey = new Map(columns.map((column) => [keyOf(column), column]));
  const find = (names: readonly string[]) => names.map((n) => byKey.get(keyOf(n))).find((c) => c !== undefined);
  const focusTime = find(["ChargePeriodStart"]);
  if (focusTime && find(["BilledCost"]))
    return build("FOCUS", focusTime, FOCUS_MEASURES, FOCUS_DIMENSIONS, find(["BillingCurrency"]), find);
  const curTime = find(["lineItem/UsageStartDate"]);
  if (curTime && find(["lineItem/UnblendedCost"]))
    return build("CUR", curTime, CUR_MEASURES, CUR_DIMENSIONS, find(["lineItem/CurrencyCode"]), find);
  return undefined;
}

function build(
  kind: Recognised["kind"],
  time: string,
  measures: Columns,
  dimensions: Columns,
  currency: string | undefined,
  find: (names: readonly string[]) => string | undefined,
): Recognised {
  const present = (table: Columns) =>
    Object.entries(table).flatMap(([name, names]) => [find(names)].flatMap((column) => (column ? [{ name, column }] : [])));
  return {
    kind,
    time,
    measures: present(measures).map((m) => ({ ...m, ...(currency ? { unitColumn: currency } : { unit: "USD" }) })),
    dimensions: present(dimensions),
  };
}

function keyOf(column: string): string {
  return column.toLowerCase().replace(/[^a-z0-9]/g, "");
}
