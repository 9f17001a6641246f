using System.Buffers.Binary;
using System.Text;

namespace Fovea.Hostile;

/// <summary>Makes pickles of state dicts as torch.save writes them, in which numbers, references, depths and opcodes go wrong now and then.</summary>
public sealed class PickleMaker
{
    private const int Deepest = 4;
    private const int MostMemo = 256;

    private static readonly (string Name, int Bytes)[] s_types =
    [
        ("FloatStorage", 4), ("HalfStorage", 2), ("BFloat16Storage", 2), ("DoubleStorage", 8), ("LongStorage", 8), ("IntStorage", 4), ("ShortStorage", 2),
        ("CharStorage", 1), ("ByteStorage", 1), ("BoolStorage", 1), ("UntypedStorage", 1), ("ComplexFloatStorage", 8), ("QInt8Storage", 1),
    ];

    private readonly Choices _choices;
    private readonly (string Name, int Bytes, int Elements)[] _storages;
    private readonly List<byte> _bytes = [0x80, 2];
    private int _memo;
    private int _tensors;

    /// <summary>Decides what the storages are.</summary>
    public PickleMaker(Choices choices)
    {
        _choices = choices;
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
        if (_choices.OneIn(40)) Value(0);
        else Dictionary(0);
        Op('.');
        for (var i = _choices.OneIn(3) ? _choices.Between(1, 3) : 0; i > 0; i--) Damage();
        return [.. _bytes];
    }

    private void Damage()
    {
        var at = _choices.Below(_bytes.Count);
        switch (_choices.Below(4))
        {
            case 0: _bytes[at] = (byte)_choices.Below(256); break;
            case 1: _bytes.RemoveAt(at); break;
            case 2:
                _bytes.Insert(
                    at,
                    (byte)_choices.Of(
                        "(0125abdeghijlmopqrstuBCDFGIJKLMNOQRSTUVX)]}\x81\x85\x86\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96".ToCharArray()));
                break;
            default: _bytes.InsertRange(at, _bytes.GetRange(at, Math.Min(_bytes.Count - at, _choices.Between(1, 40)))); break;
        }
    }

    private void Dictionary(int depth)
    {
        if (_choices.OneIn(2)) Op('}');
        else
        {
            Global("collections", "OrderedDict");
            Ops(")R");
        }

        Memoise();
        var marked = _choices.OneIn(2);
        if (marked) Op('(');
        for (var i = _choices.Between(0, 5); i > 0; i--)
        {
            if (_choices.OneIn(30)) Value(depth + 1);
            else Text(_choices.Name("state_dict", "model", "ema", "module", "w", "conv.weight", "module.fc.bias", "bn.num_batches_tracked", $"t{_tensors}"));
            if (_choices.OneIn(3)) Value(depth + 1);
            else Tensor();
            if (!marked) Op('s');
        }

        if (marked) Op('u');
    }

    private void Value(int depth)
    {
        switch (_choices.Below(depth < Deepest ? 14 : 7))
        {
            case 0: Integer(_choices.Number()); break;
            case 1: Text(_choices.Name("text")); break;
            case 2: Ops(_choices.Of("N", "\x88", "\x89", ")", "]", "}", "\x8f")); break;
            case 3 or 4 when _memo > 0: Ops($"h{(char)_choices.Below(_memo)}"); break;
            case 5: Deep(); break;
            case 6:
                Global(
                    _choices.Of("os", "torch", "builtins", "torch._utils"),
                    _choices.Of("system", "float32", "float8_e5m2", "dict", "Size", "_rebuild_tensor_v2", "FloatStorage"));
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
        for (var i = _choices.Between(0, 3); i > 0; i--) Value(depth + 1);
        Ops(end);
    }

    private void Call(int depth)
    {
        Global(
            _choices.Of("collections", "os", "torch._utils", "torch"),
            _choices.Of("OrderedDict", "system", "_rebuild_parameter", "Size", "_rebuild_qtensor", "_rebuild_tensor_v3"));
        Several("(", "t", depth);
        Op(_choices.Of('R', '\x81'));
    }

    /// <summary>One value in another, many times.</summary>
    private void Deep()
    {
        Op('N');
        var (before, around) = _choices.Of(
            ("", "\x85"), ("", "\x86"), ("", "}0"), ("q\0", "0]h\0aq\0"), ("q\0", "0}X\x05\0\0\0modelh\0sq\0"), ("", "2"), ("", "("), ("q\0", "h\0b"));
        Ops(before);
        var times = _choices.Of(3, 30, 3000);
        for (var i = 0; i < times; i++) Ops(around);
    }

    private void Tensor()
    {
        _tensors++;
        var parameter = _choices.OneIn(6);
        if (parameter)
        {
            Global("torch._utils", "_rebuild_parameter");
            Op('(');
        }

        var typed = _choices.OneIn(8);
        Global("torch._utils", typed ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
        View(typed);
        Op('R');
        if (_choices.OneIn(4)) Memoise();
        if (parameter) Ops("\x89}tR");
    }

    private void View(bool typed)
    {
        var at = _choices.Below(_storages.Length);
        var (name, _, elements) = _storages[at];
        var extents = Extents(elements);
        Ops("((");
        Text(_choices.OneIn(60) ? "module" : "storage");
        Global("torch", _choices.OneIn(40) ? _choices.Of(s_types).Name : name);
        Text(_choices.OneIn(40) ? "9" : $"{at}");
        Text("cpu");
        Integer(Right(elements));
        Ops("tQ");
        Integer(Right(0));
        Integers(extents);
        Integers(Strides(extents));
        Ops("\x89}");
        if (typed) Global("torch", _choices.Of("float32", "float16", "bfloat16", "int64", "uint8", "float8_e4m3fn", "nothing"));
        Op('t');
    }

    private long Right(long number) => _choices.OneIn(25) ? _choices.Number() : number;

    /// <summary>Extents of no more elements than there are, mostly.</summary>
    private long[] Extents(int elements)
    {
        var extents = new long[_choices.OneIn(30) ? _choices.Of(7, 300) : _choices.Between(0, 4)];
        var left = Math.Max(1, elements);
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var extent = _choices.Between(_choices.OneIn(20) ? 0 : 1, Math.Min(left, 6));
            extents[axis] = Right(extent);
            left /= Math.Max(1, extent);
        }

        return extents;
    }

    private long[] Strides(long[] extents)
    {
        var strides = new long[_choices.OneIn(60) ? _choices.Between(0, 5) : extents.Length];
        var step = 1L;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = _choices.OneIn(10) ? 0 : Right(step);
            step = unchecked(step * (axis < extents.Length ? extents[axis] : 1));
        }

        return strides;
    }

    private void Memoise()
    {
        if (_memo < MostMemo) Ops($"q{(char)_memo++}");
    }

    private void Integers(long[] numbers)
    {
        Op('(');
        foreach (var number in numbers) Integer(number);
        Op('t');
    }

    private void Integer(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number is >= 0 and < 256) Ops($"K{(char)number}");
        else if (number is >= int.MinValue and <= int.MaxValue)
        {
            Op('J');
            _bytes.AddRange(bytes[..4]);
        }
        else
        {
            Ops("\x8a\x08");
            _bytes.AddRange(bytes);
        }
    }

    private void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Op('X');
        _bytes.AddRange(BitConverter.GetBytes(_choices.OneIn(200) ? (int)_choices.Number() : utf8.Length));
        _bytes.AddRange(utf8);
    }

    private void Global(string module, string name) => Ops($"c{module}\n{name}\n");

    private void Ops(string latin1) => _bytes.AddRange(Encoding.Latin1.GetBytes(latin1));

    private void Op(char op) => _bytes.Add((byte)op);
}
