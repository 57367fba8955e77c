/** Who else may say who somebody is: a provider of OpenID Connect, and an issuer of tokens. */
import { z } from 'zod'
import { err, ok, type Result } from '../errors/result.ts'

const givenRoles = ['patient', 'doctor', 'staff', 'admin'] as const
/** What somebody outside can make of a person: never a program. */
export type GivenRole = (typeof givenRoles)[number]

/** What a claim says → the roles that go with it. */
export type RoleMap = ReadonlyMap<string, readonly GivenRole[]>

export interface OidcConfig {
  /** As the provider writes it into its tokens. */
  readonly issuer: string
  readonly clientId: string
  /** Undefined: a public client, held by PKCE alone. */
  readonly clientSecret: string | undefined
  /** Undefined: nobody is made an account, and roles are the clinic's alone. */
  readonly roleClaim: string | undefined
  readonly roles: RoleMap
  /** After "Sign in with". */
  readonly label: string
  /** Separated by blanks. */
  readonly scope: string
}

export interface OutsideTokenConfig {
  readonly issuer: string
  readonly audience: string
  readonly key:
    | { readonly kind: 'jwks'; readonly url: URL }
    | { readonly kind: 'secret'; readonly secret: string }
  /** Names of claims. */
  readonly claims: {
    readonly id: string
    readonly name: string
    readonly email: string
    /** Undefined: everybody is a patient. */
    readonly role: string | undefined
  }
  readonly roles: RoleMap
}

const MIN_TOKEN_SECRET = 32

/** https, or http on this machine, where nobody listens in. */
const isSafeAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, hash, username } = new URL(text)
  if (hash !== '' || username !== '') return false
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}

const address = z.string().refine(isSafeAddress, 'an https address').optional()
const line = (fallback: string) => z.string().max(200, 'at most 200 characters').default(fallback)
const claim = z.string().max(200, 'the name of a claim').optional()

const MAP = 'pairs such as physicians=doctor,it=admin, of the roles patient, doctor, staff, admin'
const isRole = (text: string): text is GivenRole => (givenRoles as readonly string[]).includes(text)

const roleMap = z.string().transform((text, context): RoleMap => {
  const map = new Map<string, readonly GivenRole[]>()
  for (const pair of text.split(',')) {
    const at = pair.lastIndexOf('=')
    const value = pair.slice(0, Math.max(0, at)).trim()
    const role = pair.slice(at + 1).trim()
    if (value === '' || !isRole(role)) {
      context.addIssue({ code: 'custom', message: MAP })
      return z.NEVER
    }
    map.set(value, [...(map.get(value) ?? []), role])
  }
  return map
})

/** What a token may say of itself where nothing else is configured: not that it is of an admin. */
const plainRoles: RoleMap = new Map(
  (['patient', 'doctor', 'staff'] as const).map((role) => [role, [role]]),
)

export const identityVariables = {
  OIDC_ISSUER: address,
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_ROLE_CLAIM: claim,
  OIDC_ROLES: roleMap.optional(),
  OIDC_LABEL: z.string().max(40, 'at most 40 characters').default('the clinic’s account'),
  OIDC_SCOPE: line('openid profile email').refine(
    (text) => text.split(/\s+/).includes('openid'),
    'scopes with openid among them',
  ),
  TOKEN_ISSUER: z.string().optional(),
  TOKEN_AUDIENCE: z.string().optional(),
  TOKEN_JWKS_URL: address,
  TOKEN_SECRET: z.string().min(MIN_TOKEN_SECRET, `at least ${MIN_TOKEN_SECRET}`).optional(),
  TOKEN_CLAIM_ID: line('sub'),
  TOKEN_CLAIM_NAME: line('name'),
  TOKEN_CLAIM_EMAIL: line('email'),
  TOKEN_CLAIM_ROLE: claim,
  TOKEN_ROLES: roleMap.optional(),
}

export const identitySecrets = ['OIDC_CLIENT_SECRET', 'TOKEN_SECRET'] as const

type Variables = z.infer<z.ZodObject<typeof identityVariables>>

/** Undefined where there is none. Fails with a line on what is missing beside the others. */
export const oidcOf = (data: Variables): Result<OidcConfig | undefined, string> => {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_ROLE_CLAIM: roleClaim } = data
  const others = [data.OIDC_CLIENT_SECRET, roleClaim, data.OIDC_ROLES]
  if (issuer === undefined && clientId === undefined && others.every((one) => one === undefined))
    return ok(undefined)
  if (issuer === undefined || clientId === undefined)
    return err('OIDC_ISSUER and OIDC_CLIENT_ID come together, and before the others of OIDC_')
  if ((roleClaim === undefined) !== (data.OIDC_ROLES === undefined))
    return err('OIDC_ROLE_CLAIM and OIDC_ROLES come together or not at all')
  return ok({
    issuer,
    clientId,
    clientSecret: data.OIDC_CLIENT_SECRET,
    roleClaim,
    roles: data.OIDC_ROLES ?? new Map(),
    label: data.OIDC_LABEL,
    scope: data.OIDC_SCOPE,
  })
}

/** As {@link oidcOf}. */
export const outsideTokensOf = (
  data: Variables,
): Result<OutsideTokenConfig | undefined, string> => {
  const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience, TOKEN_SECRET: secret } = data
  const { TOKEN_JWKS_URL: jwks, TOKEN_CLAIM_ROLE: role, TOKEN_ROLES: roles } = data
  const given = [issuer, audience, secret, jwks, role, roles]
  if (given.every((one) => one === undefined)) return ok(undefined)
  if (issuer === undefined || audience === undefined)
    return err('TOKEN_ISSUER and TOKEN_AUDIENCE come together, and before the others of TOKEN_')
  if (roles !== undefined && role === undefined)
    return err('TOKEN_ROLES needs TOKEN_CLAIM_ROLE, the name of the claim that it reads')
  const { TOKEN_CLAIM_ID: id, TOKEN_CLAIM_NAME: name, TOKEN_CLAIM_EMAIL: email } = data
  const config = { issuer, audience, claims: { id, name, email, role }, roles: roles ?? plainRoles }
  if (jwks !== undefined && secret === undefined)
    return ok({ ...config, key: { kind: 'jwks', url: new URL(jwks) } })
  if (secret !== undefined && jwks === undefined)
    return ok({ ...config, key: { kind: 'secret', secret } })
  return err('TOKEN_ISSUER needs one of TOKEN_JWKS_URL and TOKEN_SECRET, and not both')
}
