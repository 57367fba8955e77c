/** The widget's look: its own, whatever the portal's is. */
export const style = `
:host {
  color-scheme: light;
  display: flex;
  flex-direction: column;
  min-height: 20rem;
  overflow: hidden;
  background: #fff;
  border: 1px solid #d5dade;
  border-radius: 12px;
  color: #1d2730;
  font: 16px/1.45 system-ui, sans-serif;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
header {
  display: flex;
  align-items: center;
  gap: 0.5rem;
  padding: 0.75rem 1rem;
  border-bottom: 1px solid #e4e8eb;
}
h2 { margin: 0; font-size: 1rem; font-weight: 600; }
header p { margin: 0; min-height: 1.2em; font-size: 0.8125rem; color: #55626e; }
header div { flex: 1; min-width: 0; }
.banner { margin: 0; padding: 0.5rem 1rem; background: #eef3f6; font-size: 0.875rem; }
.messages {
  flex: 1;
  min-height: 0;
  margin: 0;
  padding: 0.75rem 1rem;
  overflow-y: auto;
  overscroll-behavior: contain;
}
.messages article { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 0.5rem; }
.messages article.own { align-items: flex-end; }
.messages p { margin: 0; }
.day { width: 100%; padding: 0.5rem 0; text-align: center; font-size: 0.8125rem; color: #55626e; }
.text {
  max-width: 85%;
  padding: 0.5rem 0.75rem;
  border-radius: 12px;
  background: #eef1f3;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.own .text { background: #dcebf5; }
.text.gone { font-style: italic; color: #55626e; }
.note { padding: 0.125rem 0.25rem; font-size: 0.75rem; color: #55626e; }
.empty { margin: auto; padding: 1rem; color: #55626e; text-align: center; }
.earlier { align-self: center; margin: 0.5rem 0 0; }
.refused { padding: 0.5rem 1rem; background: #fbeeea; font-size: 0.875rem; }
.refused p { margin: 0 0 0.25rem; white-space: pre-wrap; overflow-wrap: anywhere; }
form { display: flex; gap: 0.5rem; padding: 0.75rem 1rem; border-top: 1px solid #e4e8eb; }
form.sign-in { flex-direction: column; gap: 0.625rem; }
label { display: flex; flex-direction: column; gap: 0.25rem; font-size: 0.875rem; }
textarea, input {
  min-height: 44px;
  width: 100%;
  padding: 0.5rem 0.625rem;
  border: 1px solid #7b8791;
  border-radius: 8px;
  background: #fff;
  color: inherit;
  font: inherit;
}
textarea { flex: 1; max-height: 8rem; resize: none; field-sizing: content; }
button {
  min-height: 44px;
  padding: 0 1rem;
  border: 0;
  border-radius: 8px;
  background: #0b5e8a;
  color: #fff;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button.quiet { background: transparent; color: #0b5e8a; padding: 0 0.5rem; font-weight: 500; }
:focus-visible { outline: 2px solid #0b5e8a; outline-offset: 2px; }
.problem { margin: 0; font-size: 0.875rem; color: #9b2c14; }
form .problem { flex-basis: 100%; }
form.compose { flex-wrap: wrap; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`
