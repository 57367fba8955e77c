import { defineConfig } from 'vite'

/** One file, as a portal would take it from the clinic. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: {
    conditions: ['wardline-source', 'module', 'browser', 'development|production'],
    dedupe: ['yjs', 'lib0'],
  },
  build: { lib: { entry: 'src/wardline-chat.ts', formats: ['es'], fileName: 'wardline-chat' } },
})
