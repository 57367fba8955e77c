import { z } from 'zod'

/** Openings in one request. */
export const MAX_OPENINGS = 100

/** Chats that were on a screen: which, and when by the device's clock, ms since 1970. */
export const openingsBody = z.object({
  openings: z
    .array(
      z.object({
        chat: z.string().max(200),
        at: z.number().int().min(0).max(8_640_000_000_000_000),
      }),
    )
    .min(1)
    .max(MAX_OPENINGS),
})
