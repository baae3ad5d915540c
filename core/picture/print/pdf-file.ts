import { deflateSync } from "node:zlib";

/** A PDF 1.4 that is being written, object by object. Each character is a byte (Latin-1). */
export class PdfFile {
  readonly #objects: string[] = [];

  /** Adds an object, and returns its number. */
  add(object: string): number {
    return this.#objects.push(object);
  }

  /** A number for an object that is put there later, since others name it or it names others. */
  reserve(): number {
    return this.add("");
  }

  put(number: number, object: string): void {
    this.#objects[number - 1] = object;
  }

  /**
   * Objects, the table of where each begins, and the trailer (ISO 32000-1, 7.5).
   *
   * @param root the number of the catalog
   */
  write(root: number): string {
    // Characters beyond ASCII tell software that copies files that this one is binary.
    const parts = ["%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n"];
    let offset = parts[0]?.length ?? 0;
    const table = this.#objects.map((object, n) => {
      const part = `${n + 1} 0 obj\n${object}\nendobj\n`;
      const line = `${String(offset).padStart(10, "0")} 00000 n \n`;
      parts.push(part);
      offset += part.length;
      return line;
    });
    const size = table.length + 1;
    parts.push(
      `xref\n0 ${size}\n0000000000 65535 f \n${table.join("")}`,
      `trailer\n<< /Size ${size} /Root ${root} 0 R >>\nstartxref\n${offset}\n%%EOF\n`,
    );
    return parts.join("");
  }
}

export function stream(dictionary: string, content: string): string {
  return `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** @param content a string of bytes, or bytes */
export function deflated(content: string | Uint8Array): string {
  return deflateSync(typeof content === "string" ? Buffer.from(content, "latin1") : content).toString(
    "latin1",
  );
}
