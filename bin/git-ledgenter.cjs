#!/usr/bin/env node
'use strict';
// On the PATH as git-ledgenter it is `git ledgenter`.
require('./ledgenter.cjs');
