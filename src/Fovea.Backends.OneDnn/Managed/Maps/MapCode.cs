using Fovea.Backends.OneDnn.Fusion;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>The instructions of a map: which slot holds which register, and which instruction writes to the memory of a result.</summary>
internal sealed class MapCode
{
    private readonly MapProgram _program;
    private readonly int[] _last;
    private readonly int[] _slots;

    /// <param name="program">What is computed.</param>
    /// <param name="isOne">Of each operand, whether it is one number for a whole chunk.</param>
    /// <param name="numbers">How the numbers of each result lie.</param>
    /// <param name="overlays">For each result, the operands whose memory it may take.</param>
    internal MapCode(MapProgram program, bool[] isOne, MapNumbers[] numbers, IReadOnlyList<int[]> overlays)
    {
        _program = program;
        _last = new int[program.Inputs + program.Terms.Length];
        Array.Fill(_last, -1);
        for (var i = 0; i < program.Terms.Length; i++) (_last[program.Terms[i].A], _last[program.Terms[i].B]) = (i, i);
        _slots = Enumerable.Range(0, _last.Length).ToArray();
        var through = Enumerable.Range(0, numbers.Length).Where(i => WritesThrough(i, numbers[i], overlays[i])).ToDictionary(Register);
        foreach (var sink in program.Sinks) _last[sink.Register] = int.MaxValue;
        Instructions = Assign(isOne, through);
        Results = [.. numbers.Select((held, i) => new MapResult { Numbers = held, Slot = _slots[Register(i)], IsWritten = through.ContainsValue(i) })];
    }

    internal MapInstruction[] Instructions { get; }

    internal MapResult[] Results { get; }

    /// <summary>How many slots there are, those of the operands first.</summary>
    internal int Slots { get; private set; }

    private int Register(int result) => _program.Sinks[result].Register;

    /// <summary>
    /// Whether the instruction of a result may write to its memory: not before operands that lie there have been read for the last time, and for the first
    /// of several results of one register only.
    /// </summary>
    private bool WritesThrough(int result, MapNumbers numbers, int[] overlays)
    {
        var register = Register(result);
        var at = register - _program.Inputs;
        return _program.Reduction is null && numbers == MapNumbers.Float32 && at >= 0 && Array.TrueForAll(overlays, operand => _last[operand] <= at)
            && !_program.Sinks.Take(result).Any(sink => sink.Register == register);
    }

    /// <summary>A slot whose number is read for the last time is free again; that of memory is never used for anything else.</summary>
    private MapInstruction[] Assign(bool[] isOne, Dictionary<int, int> through)
    {
        var free = new Stack<int>();
        var instructions = new MapInstruction[_program.Terms.Length];
        Slots = _program.Inputs;
        for (var i = 0; i < instructions.Length; i++)
        {
            var (term, register) = (_program.Terms[i], _program.Inputs + i);
            foreach (var read in new[] { term.A, term.B }.Distinct())
                if (read >= _program.Inputs && _last[read] == i) free.Push(_slots[read]);
            var isMemory = through.TryGetValue(register, out var result);
            _slots[register] = !isMemory && free.TryPop(out var slot) ? slot : Slots++;
            instructions[i] = new()
            {
                Function = BlockFunction.Of(term.Op),
                A = _slots[term.A],
                B = _slots[term.B],
                Y = _slots[register],
                MaskA = Mask(term.A),
                MaskB = Mask(term.B),
                Result = isMemory ? result : -1,
            };
        }

        return instructions;

        nint Mask(int register) => register < isOne.Length && isOne[register] ? 0 : -1;
    }
}
