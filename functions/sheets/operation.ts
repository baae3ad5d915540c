import { component, type Operation } from "../http/operation.ts";
import { bytes } from "../http/picture-operation.ts";
import { sheetBody } from "./schema.ts";

export const operation: Operation = {
  reply:
    "`200` labels as a PDF: up to 500 codes by `ids` or `filter: {q, tag, status}`, `layout` (`a4-3x8`, `letter-5160`, `custom`), `caption` (`name`, `id`, `none`), `copies`, `skip`, `cropMarks`, `ink`, `spot`; `404` names each ID of which there is no code",
  body: component("SheetInput", sheetBody),
  example: { ids: ["summer-menu"], layout: "a4-3x8", caption: "name", copies: 24 },
  replies: { 200: { description: "pages of labels", content: { "application/pdf": bytes } } },
  problems: [400, 404, 413, 415, 422],
};
