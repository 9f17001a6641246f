namespace Fovea.Hostile;

/// <summary>Makes pickles of numpy arrays by name as paddle.save writes them, in which numbers, references, depths and opcodes go wrong now and then.</summary>
public sealed class ArrayPickleMaker : PickleBytes
{
    private const int Deepest = 4;

    private static readonly (string Name, int Bytes)[] s_types =
        [("f4", 4), ("f8", 8), ("f2", 2), ("u2", 2), ("i8", 8), ("i4", 4), ("i2", 2), ("i1", 1), ("u1", 1), ("b1", 1), ("c8", 8), ("O", 8), ("U3", 12)];

    private readonly string _numpy;
    private readonly int _protocol;
    private readonly List<string> _names = [];

    /// <summary>Decides the protocol and the age of numpy.</summary>
    /// <param name="choices">What decides.</param>
    public ArrayPickleMaker(Choices choices)
        : this(choices, choices.Between(2, 5))
    {
    }

    private ArrayPickleMaker(Choices choices, int protocol)
        : base(choices, protocol) => (_numpy, _protocol) = (choices.OneIn(2) ? "numpy.core" : "numpy._core", protocol);

    /// <summary>The pickle of a dictionary.</summary>
    public byte[] Make()
    {
        if (Choices.OneIn(40)) Value(0);
        else Dictionary(0);
        return Finish();
    }

    private void Dictionary(int depth)
    {
        Op('}');
        Memoise();
        Op('(');
        for (var i = Choices.Between(0, 5); i > 0; i--)
        {
            var name = Choices.Name("w", "model", "state_dict", "fc.weight", "bn._mean", $"t{_names.Count}@@.{i}", "StructuredToParameterName@@");
            _names.Add(name);
            Text(name);
            if (Choices.OneIn(4)) Value(depth + 1);
            else Array();
        }

        if (Choices.OneIn(6)) Divided();
        Op('u');
    }

    /// <summary>What paddle.save says of arrays that it has divided.</summary>
    private void Divided()
    {
        Text("UnpackBigParamInfor@@");
        Op('}');
        Text(Choices.Name("whole"));
        Op('}');
        Text("OriginShape");
        Integers(Extents());
        Op('s');
        Text(Choices.OneIn(20) ? "slice" : "slices");
        Ops("](");
        for (var i = Choices.Between(0, 3); i > 0; i--) Text(_names.Count > 0 ? Choices.Of([.. _names]) : "none");
        Ops("ess");
    }

    private void Value(int depth)
    {
        switch (Choices.Below(depth < Deepest ? 12 : 6))
        {
            case 0: Integer(Choices.Number()); break;
            case 1: Text(Choices.Name("text")); break;
            case 2: Ops(Choices.Of("N", "\x88", ")", "]", "}")); break;
            case 3 when Memo > 0: Ops($"h{(char)Choices.Below(Memo)}"); break;
            case 4:
                Global(
                    Choices.Of("os", "numpy", "builtins", "_codecs", $"{_numpy}.multiarray"),
                    Choices.Of("system", "ndarray", "eval", "encode", "scalar", "dtype", "tuple"));
                break;
            case 5: Scalar(); break;
            case 6 or 7: Dictionary(depth + 1); break;
            case 8: Several("(", "t", depth); break;
            case 9: Several("](", "e", depth); break;
            case 10: Named(); break;
            default: Array(); break;
        }
    }

    private void Several(string begin, string end, int depth)
    {
        Ops(begin);
        for (var i = Choices.Between(0, 3); i > 0; i--) Value(depth + 1);
        Ops(end);
    }

    /// <summary>A tensor outside of a state dict: the name of its variable and the array.</summary>
    private void Named()
    {
        Global("builtins", "tuple");
        Ops("((");
        Text("param");
        Array();
        Ops("tt");
        if (Choices.OneIn(2)) Op('R');
    }

    private void Scalar()
    {
        Global($"{_numpy}.multiarray", "scalar");
        Op('(');
        Type(Choices.Of("f4", "f8"));
        Data(new byte[Choices.Of(4, 8)]);
        Ops("tR");
    }

    private void Array()
    {
        var (type, bytes) = Choices.Of(Choices.OneIn(3) ? s_types : s_types[..1]);
        var extents = Extents();
        var elements = extents.Aggregate(1L, (product, extent) => product * Math.Clamp(extent, 0, 8));
        var data = new byte[Math.Clamp(Right(elements * bytes), 0, 4096)];
        if (_protocol == 5 && Choices.OneIn(2)) Buffer(type, extents, data);
        else State(type, extents, data);
        if (Choices.OneIn(4)) Memoise();
    }

    private void Buffer(string type, long[] extents, byte[] data)
    {
        Global($"{_numpy}.numeric", "_frombuffer");
        Op('(');
        Ops("\x96");
        Raw(BitConverter.GetBytes(Right(data.Length)));
        Raw(data);
        Type(type);
        Integers([.. extents.Select(Right)]);
        Text(Choices.Of("C", "F", "K"));
        Ops("tR");
    }

    private void State(string type, long[] extents, byte[] data)
    {
        Global($"{_numpy}.multiarray", "_reconstruct");
        Op('(');
        Global("numpy", "ndarray");
        Integers([0]);
        Text("b");
        Ops("tR(");
        Integer(Right(1));
        Integers([.. extents.Select(Right)]);
        Type(type);
        Ops(Choices.Of("\x88", "\x89"));
        Data(data);
        Ops(Choices.OneIn(60) ? "t0" : "tb");
    }

    private void Type(string name)
    {
        Global("numpy", "dtype");
        Op('(');
        Text(name);
        Ops("\x89\x88tR");
        if (Choices.OneIn(30)) return;
        Op('(');
        Integer(3);
        Text(Choices.OneIn(30) ? ">" : Choices.Of("<", "|"));
        Ops("NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb");
    }

    /// <summary>Bytes, or characters where the protocol has none.</summary>
    private void Data(byte[] data)
    {
        if (_protocol > 2)
        {
            Op('B');
            Raw(BitConverter.GetBytes((int)Right(data.Length)));
            Raw(data);
            return;
        }

        Global("_codecs", "encode");
        Op('(');
        Text(new string(Choices.OneIn(40) ? '\u0101' : '\u00e9', data.Length));
        Text("latin1");
        Ops("tR");
    }

    private long[] Extents() => [.. Enumerable.Range(0, Choices.OneIn(30) ? Choices.Of(9, 300) : Choices.Between(0, 4)).Select(_ => (long)Choices.Between(0, 5))];
}
