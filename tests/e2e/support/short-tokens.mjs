// Loaded before the server: its access tokens live for some seconds, and everything else as it does.
import jwt from 'jsonwebtoken'

const { sign } = jwt

/** Seconds. */
const LIFE = 6

jwt.sign = (claims, key, options) => sign({ ...claims, exp: claims.iat + LIFE }, key, options)
