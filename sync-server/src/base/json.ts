/** What JSON can say, and nothing else. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
/** A property that is undefined is not stored. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}
