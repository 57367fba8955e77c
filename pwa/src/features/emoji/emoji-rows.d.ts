/** What scripts/emoji-rows.mjs makes of Emojibase when the app is built. */
declare module 'virtual:emoji-rows' {
  const rows: readonly (readonly [
    emoji: string,
    name: string,
    words: string,
    group: number,
    version: number,
    tones: string,
  ])[]
  export default rows
}
