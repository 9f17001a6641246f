namespace Fovea.Hostile;

/// <summary>Makes pickles of state dicts as torch.save writes them, in which numbers, references, depths and opcodes go wrong now and then.</summary>
public sealed class PickleMaker : PickleBytes
{
    private const int Deepest = 4;

    private static readonly (string Name, int Bytes)[] s_types =
    [
        ("FloatStorage", 4), ("HalfStorage", 2), ("BFloat16Storage", 2), ("DoubleStorage", 8), ("LongStorage", 8), ("IntStorage", 4), ("ShortStorage", 2),
        ("CharStorage", 1), ("ByteStorage", 1), ("BoolStorage", 1), ("UntypedStorage", 1), ("ComplexFloatStorage", 8), ("QInt8Storage", 1),
    ];

    private readonly (string Name, int Bytes, int Elements)[] _storages;
    private int _tensors;

    /// <summary>Decides what the storages are.</summary>
    public PickleMaker(Choices choices)
        : base(choices, protocol: 2)
    {
        _storages =
        [
            .. Enumerable.Range(0, choices.Between(1, 4)).Select(_ => choices.Of(choices.OneIn(3) ? s_types : s_types[..1]))
                .Select(type => (type.Name, type.Bytes, choices.Between(0, 64))),
        ];
    }

    /// <summary>The types and elements of the storages, which are called <c>0</c>, <c>1</c>, ….</summary>
    public IReadOnlyList<(string Name, int Bytes, int Elements)> Storages => _storages;

    /// <summary>The pickle of a dictionary.</summary>
    public byte[] Make()
    {
        if (Choices.OneIn(40)) Value(0);
        else Dictionary(0);
        return Finish();
    }

    private void Dictionary(int depth)
    {
        if (Choices.OneIn(2)) Op('}');
        else
        {
            Global("collections", "OrderedDict");
            Ops(")R");
        }

        Memoise();
        var marked = Choices.OneIn(2);
        if (marked) Op('(');
        for (var i = Choices.Between(0, 5); i > 0; i--)
        {
            if (Choices.OneIn(30)) Value(depth + 1);
            else Text(Choices.Name("state_dict", "model", "ema", "module", "w", "conv.weight", "module.fc.bias", "bn.num_batches_tracked", $"t{_tensors}"));
            if (Choices.OneIn(3)) Value(depth + 1);
            else Tensor();
            if (!marked) Op('s');
        }

        if (marked) Op('u');
    }

    private void Value(int depth)
    {
        switch (Choices.Below(depth < Deepest ? 14 : 7))
        {
            case 0: Integer(Choices.Number()); break;
            case 1: Text(Choices.Name("text")); break;
            case 2: Ops(Choices.Of("N", "\x88", "\x89", ")", "]", "}", "\x8f")); break;
            case 3 or 4 when Memo > 0: Ops($"h{(char)Choices.Below(Memo)}"); break;
            case 5: Deep(); break;
            case 6:
                Global(
                    Choices.Of("os", "torch", "builtins", "torch._utils"),
                    Choices.Of("system", "float32", "float8_e5m2", "dict", "Size", "_rebuild_tensor_v2", "FloatStorage"));
                break;
            case 7 or 8: Dictionary(depth + 1); break;
            case 9: Several("(", "t", depth); break;
            case 10: Several("](", "e", depth); break;
            case 11: Call(depth); break;
            case 12:
                Value(depth + 1);
                Memoise();
                break;
            case 13:
                Value(depth + 1);
                Value(depth + 1);
                Op('b');
                break;
            default: Tensor(); break;
        }
    }

    private void Several(string begin, string end, int depth)
    {
        Ops(begin);
        for (var i = Choices.Between(0, 3); i > 0; i--) Value(depth + 1);
        Ops(end);
    }

    private void Call(int depth)
    {
        Global(
            Choices.Of("collections", "os", "torch._utils", "torch"),
            Choices.Of("OrderedDict", "system", "_rebuild_parameter", "Size", "_rebuild_qtensor", "_rebuild_tensor_v3"));
        Several("(", "t", depth);
        Op(Choices.Of('R', '\x81'));
    }

    /// <summary>One value in another, many times.</summary>
    private void Deep()
    {
        Op('N');
        var (before, around) = Choices.Of(
            ("", "\x85"), ("", "\x86"), ("", "}0"), ("q\0", "0]h\0aq\0"), ("q\0", "0}X\x05\0\0\0modelh\0sq\0"), ("", "2"), ("", "("), ("q\0", "h\0b"));
        Ops(before);
        var times = Choices.Of(3, 30, 3000);
        for (var i = 0; i < times; i++) Ops(around);
    }

    private void Tensor()
    {
        _tensors++;
        var parameter = Choices.OneIn(6);
        if (parameter)
        {
            Global("torch._utils", "_rebuild_parameter");
            Op('(');
        }

        var typed = Choices.OneIn(8);
        Global("torch._utils", typed ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
        View(typed);
        Op('R');
        if (Choices.OneIn(4)) Memoise();
        if (parameter) Ops("\x89}tR");
    }

    private void View(bool typed)
    {
        var at = Choices.Below(_storages.Length);
        var (name, _, elements) = _storages[at];
        var extents = Extents(elements);
        Ops("((");
        Text(Choices.OneIn(60) ? "module" : "storage");
        Global("torch", Choices.OneIn(40) ? Choices.Of(s_types).Name : name);
        Text(Choices.OneIn(40) ? "9" : $"{at}");
        Text("cpu");
        Integer(Right(elements));
        Ops("tQ");
        Integer(Right(0));
        Integers(extents);
        Integers(Strides(extents));
        Ops("\x89}");
        if (typed) Global("torch", Choices.Of("float32", "float16", "bfloat16", "int64", "uint8", "float8_e4m3fn", "nothing"));
        Op('t');
    }

    /// <summary>Extents of no more elements than there are, mostly.</summary>
    private long[] Extents(int elements)
    {
        var extents = new long[Choices.OneIn(30) ? Choices.Of(7, 300) : Choices.Between(0, 4)];
        var left = Math.Max(1, elements);
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var extent = Choices.Between(Choices.OneIn(20) ? 0 : 1, Math.Min(left, 6));
            extents[axis] = Right(extent);
            left /= Math.Max(1, extent);
        }

        return extents;
    }

    private long[] Strides(long[] extents)
    {
        var strides = new long[Choices.OneIn(60) ? Choices.Between(0, 5) : extents.Length];
        var step = 1L;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = Choices.OneIn(10) ? 0 : Right(step);
            step = unchecked(step * (axis < extents.Length ? extents[axis] : 1));
        }

        return strides;
    }
}
