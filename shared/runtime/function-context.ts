/** The part of Function Compute's context that we use; every field may be missing in an older runtime. */
export interface FunctionContext {
  requestId?: string;
  function?: { name?: string; timeout?: number };
}

/** A handler as Function Compute calls it: the event is always a Buffer. */
export type FunctionHandler<Result> = (event: Buffer, context: FunctionContext) => Promise<Result>;
