namespace Fovea.Formats.PyTorch;

/// <summary>
/// Reads one pickle (protocols 0 to 5) into plain values. It runs nothing: a callable of the pickle is either one of
/// <see cref="Known"/> or becomes <see cref="Opaque"/>, whatever is asked of it.
/// </summary>
/// <remarks>
/// Values are null, bool, long, BigInteger, double, string, byte[], object?[] (tuples), PickleList, PickleDict, the records of
/// PickleValues.cs, and globals. Opcodes: CPython's Lib/pickletools.py.
/// If storages are asked for, they are filled with the type of every storage that the pickle refers to, by key. What globals mean is PyTorch's
/// (<see cref="PickleGlobals"/>) unless something else says it; one of which that knows nothing ends the reading.
/// </remarks>
internal sealed partial class Unpickler(
    PickleInput input, Dictionary<string, StorageType>? storages = null, Func<string, string, object?>? globals = null)
{
    /// <summary>A bound on time and memory, some 256 MB: a tensor of a state dict takes forty operations. What copies or hashes counts by its length.</summary>
    private const long MostOperations = 4_000_000;

    private const int CharactersAtOnce = 32;

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<ulong, object?> _memo = [];
    private long _operations;

    internal object? Load()
    {
        while (true)
        {
            Spend(1);
            var op = (char)input.Byte();
            if (op == '.') return Pop();
            if (!(Constant(op) || Text(op) || Container(op) || Memo(op) || Construct(op)))
                throw input.Fail($"0x{(int)op:x2} is not an opcode that weight files use");
        }
    }

    private void Spend(long operations)
    {
        _operations += operations;
        if (_operations > MostOperations) throw input.Fail($"takes more than {MostOperations} operations; no weight file needs as many");
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        if (_stack.Count == Floor) throw input.Fail("takes a value from an empty stack");
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw input.Fail("looks at an empty stack");

    private T Pop<T>(string wanted) => Pop() is T value ? value : throw input.Fail($"has something else where {wanted} was wanted");

    /// <summary>The values pushed since the last mark, which goes too.</summary>
    private object?[] PopMarked()
    {
        if (_marks.Count == 0) throw input.Fail("takes values back to a mark that was never set");
        var from = _marks.Pop();
        var values = _stack.GetRange(from, _stack.Count - from).ToArray();
        _stack.RemoveRange(from, values.Length);
        return values;
    }

    /// <summary>Values below the last mark are out of reach until it goes.</summary>
    private int Floor => _marks.Count == 0 ? 0 : _marks.Peek();

    private bool Memo(char op)
    {
        switch (op)
        {
            case 'q': _memo[input.Number(1)] = Top(); break;
            case 'r': _memo[input.Number(4)] = Top(); break;
            case 'p': _memo[(ulong)Integer(input.Line())] = Top(); break;
            case '\x94': _memo[(ulong)_memo.Count] = Top(); break;
            case 'h': Push(Recall(input.Number(1))); break;
            case 'j': Push(Recall(input.Number(4))); break;
            case 'g': Push(Recall((ulong)Integer(input.Line()))); break;
            case '(': _marks.Push(_stack.Count); break;
            case '1': PopMarked(); break;
            case '2': Push(Top()); break;
            case '0' when _marks.Count > 0 && _marks.Peek() == _stack.Count: _marks.Pop(); break;
            case '0': Pop(); break;
            default: return false;
        }

        return true;
    }

    private object? Recall(ulong key) =>
        _memo.TryGetValue(key, out var value) ? value : throw input.Fail($"recalls the value {key}, which was never kept");
}
