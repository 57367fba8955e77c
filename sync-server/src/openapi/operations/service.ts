import { z } from 'zod'
import type { Operation } from './operation.ts'

const healthSchema = z.object({
  status: z.literal('ok'),
  notes: z
    .array(z.object({ code: z.string(), count: z.int().min(1) }))
    .optional()
    .meta({ description: 'What whoever runs the server should look at though it works.' }),
})

export const serviceOperations: readonly Operation[] = [
  {
    id: 'health',
    method: 'get',
    path: '/healthz',
    tag: 'Service',
    summary: 'Whether what people write can be saved',
    signedIn: false,
    answers: {
      200: {
        description: 'It can.',
        json: { name: 'Health', schema: healthSchema },
      },
    },
    errors: ['store-unavailable', 'files-unavailable'],
  },
  {
    id: 'getDocument',
    method: 'get',
    path: '/api/openapi.json',
    tag: 'Service',
    summary: 'This document',
    signedIn: false,
    answers: {
      200: {
        description: 'OpenAPI 3.1.',
        json: { name: 'OpenApi', schema: z.looseObject({ openapi: z.literal('3.1.0') }) },
      },
    },
    errors: [],
  },
  {
    id: 'readDocument',
    method: 'get',
    path: '/api/docs',
    tag: 'Service',
    summary: 'This document, for people',
    signedIn: false,
    answers: { 200: { description: 'A page.', type: 'text/html' } },
    errors: [],
  },
  {
    id: 'readDocumentStyle',
    method: 'get',
    path: '/api/docs/style.css',
    tag: 'Service',
    summary: 'How the page for people looks',
    signedIn: false,
    answers: { 200: { description: 'A style sheet.', type: 'text/css' } },
    errors: [],
  },
]
