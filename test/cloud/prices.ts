/** Prices in USD; an absent one is not in any document that was at hand, and can be given to the command. */
export interface Prices {
  /** A queue of SMQ, a day. */
  queueDay: number;
  /** A million requests to SMQ beyond those that are free. */
  smqMillion?: number;
  /** Ten thousand units of reading in Tablestore. */
  readUnits: number;
  /** Ten thousand units of writing in Tablestore. */
  writeUnits?: number;
  /** One unit of Function Compute. */
  computeUnit: number;
}

/** Requests to SMQ that are free each month. Source: help.aliyun.com SMQ "Billing", normal messages. */
export const FREE_REQUESTS = 20_000_000;

/** What the documents say. */
export const DOCUMENTED: Prices = {
  // help.aliyun.com SMQ "Billing": mainland regions; 0.11 elsewhere. The price of requests stands on the page of prices only.
  queueDay: 0.08,
  // help.aliyun.com Tablestore "Read/write throughput", an older example for the US; the price of writing is not in it.
  readUnits: 0.003,
  // help.aliyun.com Function Compute 3.0 "Pay-as-you-go": up to 100 million units a month.
  computeUnit: 0.00002,
};
