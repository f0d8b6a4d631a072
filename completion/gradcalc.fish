# gradcalc.fish -- completion for fish. Options come from gradcalc --help, names from the program on the command line.

function __gradcalc_names
    set -l given
    set -l words (commandline -opc)
    set -l skip 0
    for i in (seq 2 (count $words))
        if test $skip -eq 1
            set skip 0
            continue
        end
        switch $words[$i]
            case -e --expression -D --define
                set given $given $words[$i] $words[(math $i + 1)]
                set skip 1
            case -w --wrt -t --target -u --upstream --along -f --format -o --output -p --precision -W --warn -c --claim -C --answers -I --input-format --points --rtol --atol --reveal
                set skip 1
            case '-*'
            case '*'
                test -f $words[$i]; and set given $given $words[$i]
        end
    end
    test (count $given) -gt 0; or return
    set -l prefix (string match -r '^.*,' -- (commandline -ct))
    for name in (gradcalc -q --list targets $given 2>/dev/null </dev/null)
        echo "$prefix$name"
    end
end

for line in (gradcalc --help 2>/dev/null)
    set -l found (string match -r '^ +(?:-([A-Za-z?]), )?--([a-z-]+)(=\S+)? *(.*)$' -- $line)
    test (count $found) -gt 0; or continue
    set -l says $found[5]
    set -l flags -l $found[3] -d "$says"
    test -n "$found[2]"; and set flags $flags -s $found[2]
    switch $found[3]
        case wrt target upstream along
            complete -c gradcalc $flags -x -a '(__gradcalc_names)'
        case format
            complete -c gradcalc $flags -x -a '(gradcalc --list formats)'
        case input-format
            complete -c gradcalc $flags -x -a 'csv tsv json npy'
        case color
            complete -c gradcalc $flags -x -a 'auto always never'
        case reveal
            complete -c gradcalc $flags -x -a 'none verdict hint all'
        case layout
            complete -c gradcalc $flags -x -a 'long wide'
        case unconnected
            complete -c gradcalc $flags -x -a 'none zero'
        case list
            complete -c gradcalc $flags -x -a 'functions inputs targets formats'
        case warn
            complete -c gradcalc $flags -x -a 'error broadcast equality tie unused kink domain overflow define digits header'
        case '*'
            if test -n "$found[4]"
                complete -c gradcalc $flags -r
            else
                complete -c gradcalc $flags
            end
    end
end
