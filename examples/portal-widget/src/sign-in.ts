/** The form to sign in with. */
import { element, setText } from './elements.ts'
import type { SignInProblem } from './session.ts'

/** @param submit signs in; resolves with what is wrong */
export const signInForm = (
  submit: (email: string, password: string) => Promise<SignInProblem>,
): HTMLFormElement => {
  const email = element('input', { type: 'email', autocomplete: 'username', required: true })
  const password = element('input', {
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  })
  const problem = element('p', { className: 'problem', role: 'alert' })
  const button = element('button', { type: 'submit' }, 'Sign in')
  const form = element(
    'form',
    { className: 'sign-in' },
    element('label', {}, 'Email', email),
    element('label', {}, 'Password', password),
    problem,
    button,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    button.disabled = true
    setText(problem, '')
    void submit(email.value, password.value).then((wrong) => {
      button.disabled = false
      setText(problem, wrong ?? '')
      if (wrong === undefined) password.value = ''
    })
  })
  return form
}
