/** What a page is given: the part of the address behind its own name. */
export interface PageProps {
  rest: string[];
}
