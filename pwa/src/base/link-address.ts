/** What the address of an invitation or a reset carries: `/join#<token>`, `/reset#<token>`. */
const pattern = /^#([\w-]{1,64})$/

/** The token of a link; undefined for any other address. An address that was cut off has ''. */
export const linkTokenOf = ({
  pathname,
  hash,
}: Pick<Location, 'pathname' | 'hash'>): string | undefined => {
  if (pathname !== '/join' && pathname !== '/reset') return undefined
  return pattern.exec(hash)?.[1] ?? ''
}
