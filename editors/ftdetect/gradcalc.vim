" gradcalc.vim -- programs of gradcalc by the ends of their names.
autocmd BufRead,BufNewFile *.expr set filetype=gradcalc
