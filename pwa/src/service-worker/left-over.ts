interface Files {
  /** All that are kept, by address. */
  kept: readonly string[]
  /** Those of the build that takes over. */
  mine: ReadonlySet<string>
  /** Those that were left over when the build before it took over. */
  stayed: ReadonlySet<string>
}

/** Which files of earlier builds stay, which are those of the one before, and which go. */
export const sortLeftOver = ({
  kept,
  mine,
  stayed,
}: Files): { stay: readonly string[]; gone: readonly string[] } => {
  const leftOver = kept.filter((file) => !mine.has(file))
  return {
    stay: leftOver.filter((file) => !stayed.has(file)),
    gone: leftOver.filter((file) => stayed.has(file)),
  }
}
