/** Who changes a code: a person by a token's subject, or a machine by its API key. */
export interface Actor {
  type: "user" | "key";
  /** The token's `sub`, or the key's ID. */
  id: string;
  /** What people know it by: the token's `name`, `email` or `username` claim, the key's name; `null` if there is none. */
  name: string | null;
}
