/** Passwords as Argon2id hashes: 19 MiB, two passes (OWASP's first choice at this size). */
import { hash, verify } from '@node-rs/argon2'

/** In characters. Longer ones would cost the server more than they add. */
export const MAX_PASSWORD = 256
export const MIN_PASSWORD = 10

const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }

/** A PHC string. */
export const hashPassword = (password: string): Promise<string> => hash(password, cost)

/** Stands in for the hash of an account that does not exist. */
let nobody: Promise<string> | undefined

/**
 * Whether the password is the one behind the hash. Without a hash the answer is no, after the
 * same work as for a wrong password, so that the time tells nobody which accounts exist.
 */
export const verifyPassword = async (
  password: string,
  known: string | undefined,
): Promise<boolean> => {
  nobody ??= hashPassword('there is no such account')
  const matches = await verify(known ?? (await nobody), password)
  return matches && known !== undefined
}
