// The portal's own: its pages open without a network.
await navigator.serviceWorker?.register('/service-worker.js')
