import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { withLazyFunctions } from '../../shared/cli/build-lazy-functions.ts';

const LONG = `'${'x'.repeat(60)}'`;

/** What a CommonJS text exports, and that it may be run. */
const exported = (source: string): unknown => {
  const module = { exports: {} };
  runInNewContext(`(function(module,require){"use strict";${source}\n})`)(module);
  return module.exports;
};

/** The same texts, as they are and rewritten, with what they export. */
const both = (source: string) => {
  const text = withLazyFunctions(source);
  expect(exported(text)).toEqual(exported(source));
  return text;
};

describe('functions that are only looked over as a file loads', () => {
  it.each([
    ['with a list of parameters', `var f=(a,b)=>a+b+${LONG};module.exports=f(1,2)`],
    ['with one parameter', `var f=a=>a+${LONG};module.exports=f(1)`],
    ['without any', `var f=()=>${LONG};module.exports=f()`],
    ['with a body', `var f=(a)=>{let b=a+1;return[b,${LONG}]};module.exports=f(1)`],
    ['that gives an object', `var f=a=>({a,b:${LONG}});module.exports=f(1)`],
    ['that gives the last of several', `var f=a=>(a+1,${LONG});module.exports=f(1)`],
    ['with defaults that are functions', `var f=(a=b=>b+1,{c}={c:${LONG}})=>a(1)+c;module.exports=f()`],
    ['that gives another', `var f=a=>b=>[a,b,${LONG}];module.exports=f(1)(2)`],
    [
      'in a list, an object and a call',
      `module.exports=[()=>${LONG},{f:a=>a+${LONG}}].concat([1].map(a=>a+${LONG})).length`,
    ],
    ['that is called at once', `module.exports=(()=>${LONG})()`],
    ['behind a condition', `module.exports=[1].map(1?a=>a+${LONG}:a=>a+2)`],
    ['between the words of a template', `module.exports=\`\${[1].map(a=>a+${LONG})}:\${[2].map(a=>a+${LONG})}\``],
    ['in the field of a class', `class A{static f=a=>a+${LONG}}module.exports=A.f(1)`],
  ])('mean the same %s', (_, source) => {
    const text = both(source);
    expect(text).toContain('function(');
  });

  it('wait for one another as before', async () => {
    const source = `var f=async a=>{await null;return a+${LONG}},g=async()=>await f(1)+${LONG};module.exports={f,g}`;
    const text = withLazyFunctions(source);
    expect(text).toMatch(/f=async function\(a\)\{.*g=async function\(\)\{return await/);
    const { g } = exported(text) as { g: () => Promise<string> };
    expect(await g()).toBe(`1${'x'.repeat(120)}`);
  });

  it('keep a body that ends in an object, and a regular expression with the sign of an arrow', () => {
    both(`var f=a=>/=>/.test(a)?{a:${LONG}}:{b:1};module.exports=[f("=>"),f("")]`);
  });

  it.each([
    ['this', `var f=()=>[this,${LONG}]`],
    ['arguments', `var f=()=>[arguments,${LONG}]`],
    ['this inside of another', `var f=()=>[()=>this,${LONG}]`],
  ])('stay arrow functions where they use %s', (_, source) => {
    expect(withLazyFunctions(source)).toBe(source);
  });

  it('stay arrow functions inside of functions, and where they are short', () => {
    const source = `function f(){return[1].map(a=>a+${LONG})}var g=a=>a+1;class A{m(){return()=>${LONG}}}`;
    expect(withLazyFunctions(source)).toBe(source);
  });

  it('do not grow into the word before them', () => {
    expect(exported(withLazyFunctions(`for(var f of[a=>a+${LONG}])module.exports=f(1)`))).toBe(`1${'x'.repeat(60)}`);
  });

  it('are the same when all is done again', () => {
    const once = withLazyFunctions(`var f=(a,b)=>a+b+${LONG},g=a=>b=>[a,b,${LONG}]`);
    expect(withLazyFunctions(once)).toBe(once);
  });

  it('keep the first line of a program', () => {
    expect(withLazyFunctions(`#!/usr/bin/env node\nvar f=a=>a+${LONG}`)).toMatch(
      /^#!\/usr\/bin\/env node\nvar f=function\(a\)/,
    );
  });

  it('are not made of what is no JavaScript', () => {
    expect(() => withLazyFunctions('var f=(a=>')).toThrow(SyntaxError);
  });
});
