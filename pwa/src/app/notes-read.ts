/** Whether the person has read the clinic's notes on this device. Other notes are read anew. */
const READ = 'wardline-notes-read'

export const areNotesRead = (notes: string): boolean => localStorage.getItem(READ) === notes
export const noteNotesRead = (notes: string): void => localStorage.setItem(READ, notes)
