type Headers = Readonly<Record<string, string | undefined>>;

/** Whether a client names HTML among what it takes, as every browser does where a person looks at the reply. */
export function asksForHtml({ accept = "" }: Headers): boolean {
  return /text\/html|application\/xhtml\+xml/i.test(accept);
}

/** Whether a client names JSON among what it takes. */
export function asksForJson({ accept = "" }: Headers): boolean {
  return /application\/(problem\+)?json/i.test(accept);
}
