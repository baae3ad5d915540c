/** A file as `setInputFiles` of the browser takes it. */
export function csvFile(name: string, lines: readonly string[]) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\r\n")) };
}
