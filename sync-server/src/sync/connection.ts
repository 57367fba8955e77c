import { CloseCode } from '@wardline/core/protocol/close-code'
import {
  FrameError,
  MAX_HELLO,
  readClientFrame,
  VersionError,
} from '@wardline/core/protocol/frames'
import { StoreError } from '../storage/store-error.ts'
import { BackpressuredSocket } from './backpressured-socket.ts'
import { type Hello, isOf } from './hello.ts'
import { Inbox, type InboxHost } from './inbox.ts'
import { type ConnectionHost, MultiplexedConnection } from './multiplexed-connection.ts'
import type { Claims, Socket, SocketHandler } from './ports.ts'
import type { SyncContext } from './sync-context.ts'

type State =
  /** Nobody has said who they are. */
  | { readonly phase: 'greeting'; readonly cancelTimeout: () => void }
  /** The hello was good; the welcome is being put together. Frames wait. */
  | { readonly phase: 'welcoming'; readonly session: MultiplexedConnection }
  | { readonly phase: 'live'; readonly session: MultiplexedConnection }
  | { readonly phase: 'closed' }

/** A multiplexed socket from the first byte to the last. */
export class Connection implements SocketHandler, ConnectionHost, InboxHost {
  readonly output: BackpressuredSocket
  readonly #context: SyncContext
  readonly #socket: Socket
  readonly #inbox: Inbox
  #waitsToBeClear = false
  #state: State

  /** @param network that the socket came from; when too many say nothing it is shared out */
  constructor(context: SyncContext, socket: Socket, network: string) {
    const { limits, timers } = context
    this.#context = context
    this.#socket = socket
    this.output = new BackpressuredSocket(socket, timers, limits.bufferedBytes, limits.drainMs)
    this.#inbox = new Inbox(socket, timers, limits, this)
    const cancelTimeout = timers.after(limits.helloMs, () =>
      this.close(CloseCode.helloTimeout, 'no hello'),
    )
    this.#state = { phase: 'greeting', cancelTimeout }
    const others = context.greeting.enter(network, this)
    others?.close(CloseCode.tooMany, 'others are waiting')
  }

  receive(bytes: Uint8Array): void {
    if (this.#state.phase === 'closed') return
    if (this.#state.phase === 'greeting' && bytes.length > MAX_HELLO)
      return this.close(CloseCode.badFrame, 'a hello is shorter')
    this.#inbox.push(bytes)
  }

  closed(): void {
    const state = this.#state
    if (state.phase === 'closed') return
    this.#state = { phase: 'closed' }
    this.#context.greeting.leave(this)
    this.output.stop()
    this.#inbox.stop()
    if (state.phase === 'greeting') return state.cancelTimeout()
    this.#context.connections.remove(state.session)
    state.session.stop()
  }

  close(code: number, reason: string): void {
    if (this.#state.phase === 'closed') return
    this.closed()
    this.#socket.close(code, reason)
  }

  settled(): void {
    this.#inbox.pump()
  }

  overflow(): void {
    this.close(CloseCode.tooMany, 'too much at once')
  }

  wait(): number {
    const { limits } = this.#context
    switch (this.#state.phase) {
      case 'greeting':
        return 0
      case 'welcoming':
      case 'closed':
        return Number.POSITIVE_INFINITY
      case 'live': {
        const { session } = this.#state
        if (session.pendingBytes > limits.pendingBytes) return Number.POSITIVE_INFINITY
        // Who takes in no answers is not asked for more questions.
        if (this.output.owed > limits.owedBytes) {
          this.#pumpWhenClear()
          return Number.POSITIVE_INFINITY
        }
        return session.pace.wait()
      }
    }
  }

  #pumpWhenClear(): void {
    if (this.#waitsToBeClear) return
    this.#waitsToBeClear = true
    this.output.whenClear(() => {
      this.#waitsToBeClear = false
      this.#inbox.pump()
    })
  }

  handle(bytes: Uint8Array): void {
    try {
      const frame = readClientFrame(bytes)
      switch (this.#state.phase) {
        case 'greeting':
          if (frame.type !== 'hello') throw new FrameError('the first frame is a hello')
          return this.#greet(frame, this.#state.cancelTimeout)
        case 'live':
          if (frame.type === 'hello') throw new FrameError('there is one hello')
          this.#state.session.pace.take(bytes.length)
          return this.#state.session.receive(frame)
      }
    } catch (error) {
      if (error instanceof VersionError) this.close(CloseCode.version, error.message)
      else if (error instanceof FrameError) this.close(CloseCode.badFrame, error.message)
      else {
        // A fault of ours; it must not take the other connections along.
        this.#context.log('error', 'connection.failed', { message: String(error) })
        this.close(CloseCode.unavailable, 'not available')
      }
    }
  }

  #greet(hello: Hello, cancelTimeout: () => void): void {
    cancelTimeout()
    this.#context.greeting.leave(this)
    const { connections, limits, verifyToken } = this.#context
    const claims = verifyToken(hello.token)
    if (claims === undefined) return this.close(CloseCode.unauthorized, 'not a valid token')
    if (!isOf(claims, hello.device))
      return this.close(CloseCode.unauthorized, 'the token is for another device')
    if (connections.count(claims.userId) >= limits.connectionsPerUser)
      return this.close(CloseCode.tooMany, 'too many connections')
    this.#socket.known?.()
    this.#welcome(hello, claims)
  }

  #welcome(hello: Hello, claims: Claims): void {
    const session = new MultiplexedConnection(this.#context, this, hello, claims)
    this.#state = { phase: 'welcoming', session }
    this.#context.connections.add(session)
    session.start().then(
      () => {
        if (this.#state.phase !== 'welcoming') return
        this.#state = { phase: 'live', session }
        this.#inbox.pump()
      },
      (error: unknown) => {
        if (!(error instanceof StoreError)) session.failed('welcome.failed', error)
        this.close(CloseCode.unavailable, 'not available')
      },
    )
  }
}
