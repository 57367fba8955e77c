/** What the notes of `/healthz` mean, and what to do. */
const words: Readonly<Record<string, (count: number) => string>> = {
  'changes-lost': () =>
    'The database lost changes that were stored. Devices give back what they have; “admin recovery” on the server says what came.',
  restored: () =>
    'A backup was put back. Devices give back what it lacks; “admin recovery” on the server says what came.',
  'documents-damaged': (count) =>
    `${count} ${count === 1 ? 'document is' : 'documents are'} damaged on the disk. Look at the disk, and at the server’s log.`,
  'documents-begun-anew': (count) =>
    `${count} damaged ${count === 1 ? 'document was' : 'documents were'} begun anew; devices give back what they have.`,
  'records-damaged': (count) =>
    `${count} ${count === 1 ? 'record is' : 'records are'} damaged on the disk. Run “admin doctor” on the server.`,
  'files-lost': (count) =>
    `${count} ${count === 1 ? 'file is' : 'files are'} missing or damaged. Devices that have them give them back.`,
  'documents-not-erased': (count) =>
    `${count} ${count === 1 ? 'document holds' : 'documents hold'} something that is still to be erased from the disk.`,
}

export const noteWords = (code: string, count: number): string =>
  words[code]?.(count) ?? `${code}: ${count}`
