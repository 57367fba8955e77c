/**
 * What the command and a running server say to each other: JSON, one object a line. The server
 * begins with {@link Hello}; then each {@link Call} has one {@link Answer}, in order.
 */
import { z } from 'zod'
import { errorCodes } from '../../errors/catalogue.ts'

/** Both sides have to speak the same. */
export const PROTOCOL = 1

/** Longest line, in bytes: a list of a clinic's people, in base64. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024

export const helloSchema = z.object({ wardline: z.literal('admin'), protocol: z.number() })
export type Hello = z.infer<typeof helloSchema>

export const callSchema = z.object({
  protocol: z.number(),
  /** The name of an operation, or {@link COPY}. */
  call: z.string(),
  input: z.unknown().optional(),
})
export type Call = z.infer<typeof callSchema>

export const answerSchema = z.union([
  z.object({ done: z.object({ value: z.unknown().optional(), text: z.string() }) }),
  z.object({
    refused: z.object({
      code: z.enum(errorCodes),
      message: z.string().optional(),
      retryAfter: z.number().optional(),
    }),
  }),
])
export type Answer = z.infer<typeof answerSchema>

/**
 * Copies the database into a folder. From before it until the connection ends, no file is deleted
 * that the copy knows of: whoever is killed in the middle lets go of them.
 */
export const COPY = 'copy-database'
export const copyInput = z.object({ folder: z.string().min(1) })
export const copyResult = z.object({
  seq: z.number(),
  entries: z.number(),
  bytes: z.number(),
  damaged: z.boolean(),
})
