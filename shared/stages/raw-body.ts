/** The body of an event as it came; `ours` when the text is JSON that we wrote ourselves, which may stand in a row as it is. */
export interface RawBody {
  text: string;
  ours: boolean;
}
