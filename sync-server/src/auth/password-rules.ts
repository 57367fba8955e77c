/** Which passwords an account can be given. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import type { User } from '../directory/user.ts'
import type { Failure } from '../errors/catalogue.ts'
import { MAX_PASSWORD, MIN_PASSWORD } from './password.ts'

export type PasswordProblem = 'too-short' | 'too-long' | 'easy-to-guess'

/** Of five, 0 to 4: 3 stands for more than 10^8 guesses. */
const ENOUGH = 3
/** Characters that are looked at: the time that it takes grows faster than the length. */
const LOOKED_AT = 64

/** Words that whoever guesses a password of this place tries first. */
const ofThisPlace = ['wardline', 'clinic', 'doctor', 'patient', 'hospital']

let estimator: ZxcvbnFactory | undefined

/**
 * Why a password cannot be taken; undefined when it can. One of the passwords that people choose
 * most, a row of keys, or one made of what everybody knows of a person, counts as easy to guess.
 *
 * @param known the person's name, e-mail address and the like
 */
export const passwordProblem = (
  password: string,
  known: readonly string[],
): PasswordProblem | undefined => {
  if (password.length < MIN_PASSWORD) return 'too-short'
  if (password.length > MAX_PASSWORD) return 'too-long'
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT })
  const words = known.flatMap(partsOf)
  const inputs = [...words.filter((word) => word.length > 2), ...ofThisPlace]
  return estimator.check(password, inputs).score < ENOUGH ? 'easy-to-guess' : undefined
}

/** What somebody is answered whose new password cannot be taken; undefined when it can. */
export const passwordFailure = (
  password: string,
  { name, email, birthDate }: Pick<User, 'name' | 'email' | 'birthDate'>,
): Failure | undefined => {
  const problem = passwordProblem(password, [name, email ?? '', birthDate ?? ''])
  switch (problem) {
    case undefined:
      return undefined
    case 'too-long':
      return { code: 'bad-request' }
    case 'too-short':
      return { code: 'password-too-short' }
    case 'easy-to-guess':
      return { code: 'password-easy-to-guess' }
  }
}

/** A text, its words, and those that follow each other in one. */
const partsOf = (text: string): string[] => {
  const words = text.split(/[^\p{L}\p{N}]+/u)
  const pairs = words.slice(1).map((word, i) => `${words[i]}${word}`)
  return [text, ...words, ...pairs, words.join('')]
}
