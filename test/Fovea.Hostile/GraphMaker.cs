using System.Globalization;
using System.Text;
using Fovea.Conformance;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Hostile;

/// <summary>Makes graphs as text: operations and attributes are those of the conformance cases, numbers among them go wrong now and then.</summary>
/// <remarks>A line whose operation takes its operands says the type that they give, so that what is wrong lies deeper than in the text.</remarks>
public sealed class GraphMaker(Choices choices)
{
    private const int SmallElements = 2048;

    private const int Tries = 12;

    private readonly StringBuilder _lines = new();
    private readonly List<Made> _values = [];
    private readonly List<(string Label, TensorType Type)> _weights = [];
    private bool _treatsImagesAlone;
    private int _ids;

    /// <summary>The parameters that were declared, in order.</summary>
    public IReadOnlyList<(string Label, TensorType Type)> Weights => _weights;

    /// <summary>A graph with some inputs, operations and outputs.</summary>
    public string Text()
    {
        Line("graph \"hostile\"");
        Declare("input", "input", ImageType());
        for (var i = choices.Between(1, 12); i > 0; i--) Apply();
        if (choices.Wrong(8)) Declare("input", "second", ImageType());
        var last = choices.OneIn(4) ? choices.Of(_values.ToArray()) : _values[^1];
        Line($"output \"{choices.Name("logits", "y")}\" %{last.Id}");
        return _lines.ToString();
    }

    /// <summary>An image in, a vector of <paramref name="classes"/> out, and hostile operations between.</summary>
    public string Classifier(string image, int classes)
    {
        Line("graph \"hostile\"");
        Declare("input", "input", image);
        _treatsImagesAlone = !choices.OneIn(4);
        for (var i = choices.Between(1, 8); i > 0; i--) Apply();
        if (choices.Wrong(8)) Declare("input", "second", ImageType());
        ToLogits(classes);
        if (choices.Wrong(20)) Line($"output \"side\" %{choices.Of(_values.ToArray()).Id}");
        return _lines.ToString();
    }

    /// <summary>One operation of the catalogue, with an attribute or the type of an operand changed.</summary>
    public string Operation()
    {
        Line("graph \"hostile\"");
        var @case = choices.Of(OpCatalogue.All.ToArray());
        var attributes = new AttributeWriter();
        @case.Op.Print(attributes);
        var text = attributes.ToString().Trim('{', '}');
        if (!choices.OneIn(4)) text = Mutation.OfAttributes(text, choices);
        foreach (var input in @case.Inputs) Declare("input", $"x{_ids}", Changed(input.Type));
        if (!Add(@case.Op.Name, text, [.. _values])) Line($"%{_ids} = {@case.Op.Name} {{{text}}} : {ImageType()}");
        foreach (var value in _values.Skip(@case.Inputs.Count)) Line($"output \"y{value.Id}\" %{value.Id}");
        return _lines.ToString();
    }

    private string Changed(TensorType type)
    {
        if (choices.OneIn(8)) type = type with { DType = choices.Of(DType.Float32, DType.BFloat16, DType.Int32, DType.Int8, DType.UInt8) };
        var extents = type.Shape.ToArray().Select(extent => (long)extent).ToArray();
        if (choices.OneIn(5) && extents.Length > 0) extents[choices.Below(extents.Length)] = choices.OneIn(3) ? choices.Number() : choices.Between(0, 9);
        if (choices.OneIn(12)) extents = choices.OneIn(2) || extents.Length == 0 ? [.. extents, choices.Extent()] : extents[1..];
        return $"{type.DType.ShortName}[{string.Join(", ", extents.Select(extent => extent.ToString(CultureInfo.InvariantCulture)))}]";
    }

    private string ImageType() =>
        choices.Wrong(6) ? Extents(choices.Between(0, 7), hostile: true) : $"f32[1, {choices.Extent()}, {choices.Extent()}, {choices.Extent()}]";

    private string Extents(int rank, bool hostile)
    {
        var extents = Enumerable.Range(0, rank).Select(_ => hostile && choices.OneIn(2) ? choices.Number() : choices.Extent());
        return $"f32[{string.Join(", ", extents.Select(extent => extent.ToString(CultureInfo.InvariantCulture)))}]";
    }

    /// <summary>One operation of the catalogue on values that there are, or on new ones.</summary>
    private void Apply()
    {
        for (var i = 0; i < Tries; i++)
            if (TryApply()) return;
    }

    private bool TryApply()
    {
        var @case = choices.Of(OpCatalogue.All.ToArray());
        var attributes = new AttributeWriter();
        @case.Op.Print(attributes);
        var text = attributes.ToString().Trim('{', '}');
        if (choices.Wrong(3)) text = Mutation.OfAttributes(text, choices);
        var operands = @case.Inputs.Select((input, i) => Operand(input.Type, isWeight: i > 0 && _treatsImagesAlone)).ToArray();
        if (choices.Wrong(30) && operands.Length > 0) operands = choices.OneIn(2) ? operands[1..] : [.. operands, operands[0]];
        return Add(@case.Op.Name, text, operands);
    }

    private bool Add(string op, string attributes, Made[] operands)
    {
        var results = Inferred(op, attributes, operands);
        if (results.Length == 0 && !choices.Wrong(20)) return false;
        string[] types = results.Length > 0
            ? [.. results.Select(type => type.ToString())]
            : [choices.OneIn(2) && operands.Length > 0 ? operands[0].Type : ImageType()];
        var ids = string.Join(", ", types.Select((_, i) => $"%{_ids + i}"));
        var inputs = operands.Length == 0 ? "" : $" {string.Join(", ", operands.Select(operand => $"%{operand.Id}"))}";
        Line($"{ids} = {op}{inputs}{(attributes.Length > 0 ? $" {{{attributes}}}" : "")} : {string.Join(", ", types)}");
        var isImage = operands.Any(operand => operand.IsImage);
        for (var i = 0; i < types.Length; i++) _values.Add(new(_ids++, types[i], i < results.Length ? results[i] : null, isImage));
        return true;
    }

    /// <summary>What the operation itself says that it gives; nothing where it refuses.</summary>
    private static TensorType[] Inferred(string op, string attributes, Made[] operands)
    {
        if (operands.Any(operand => operand.Known is null)) return [];
        try
        {
            return OpTable.Parse(op, attributes).Infer([.. operands.Select(operand => operand.Known!.Value)]);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            return [];
        }
    }

    private Made Operand(TensorType wanted, bool isWeight)
    {
        if (!isWeight && (_treatsImagesAlone || !choices.OneIn(4)))
        {
            var fitting = _values.Where(value => (value.IsImage || !_treatsImagesAlone)
                && value.Known is { } type && type.DType == wanted.DType && type.Shape.Rank == wanted.Shape.Rank).ToArray();
            if (fitting.Length > 0) return choices.Of(fitting);
        }

        if (choices.Wrong(10)) return choices.Of(_values.ToArray());
        if (wanted.DType == DType.Float32 && wanted.Shape.Elements <= SmallElements)
        {
            Declare("parameter", $"w{_ids}", wanted.ToString());
            return _values[^1];
        }

        Line(
            $"%{_ids} = constant {{type={wanted.DType.ShortName} shape={Attribute(wanted.Shape)} base64={Convert.ToBase64String(new byte[wanted.Bytes])}}} : "
            + $"{wanted}");
        _values.Add(new(_ids++, wanted.ToString(), wanted, IsImage: false));
        return _values[^1];
    }

    private void Declare(string kind, string label, string type)
    {
        var known = Known(type);
        var initial = choices.Wrong(20) ? choices.Of("apart(0;0)", "normal(NaN)", "apart(1e300;-5)", "fill(1e999)", "uniform(") : "fill(0)";
        Line($"%{_ids} = {kind} \"{label}\" {initial} : {type}");
        _values.Add(new(_ids++, type, known, IsImage: kind == "input"));
        if (kind == "parameter" && known is { } weight) _weights.Add((label, weight));
    }

    /// <summary>The last value as logits: cut or repeated.</summary>
    private void ToLogits(int classes)
    {
        var images = _treatsImagesAlone ? _values.Last(value => value is { IsImage: true, Known.Shape.Rank: > 0 } or { Id: 0 }) : _values[^1];
        if (images.Known is { Shape.Rank: > 0 } last)
        {
            var n = last.Shape[0];
            Add("reshape", $"shape={n}x{last.Shape.Elements / Math.Max(1, n)}", [images]);
            if (_values[^1].Known is { Shape.Rank: 2 } flat && flat.Shape[1] >= classes)
                Add("slice", $"starts=0x0 sizes={n}x{classes} steps=1x1", [_values[^1]]);
            else Add("broadcast", $"shape={n}x{classes}", [_values[^1]]);
        }

        Line($"output \"logits\" %{_values[^1].Id}");
    }

    private static TensorType? Known(string type)
    {
        try
        {
            return GraphParser.Parse($"graph \"\"\n%0 = input \"x\" fill(0) : {type}").Variables[0].Type;
        }
        catch (GraphException)
        {
            return null;
        }
    }

    private static string Attribute(Shape shape) => shape.Rank == 0 ? "scalar" : string.Join('x', shape.ToArray());

    private void Line(string text) => _lines.Append(text).Append('\n');

    /// <summary>A value of the text: its number, its type as written, the same where it is one, and whether it comes from the images.</summary>
    private sealed record Made(int Id, string Type, TensorType? Known, bool IsImage);
}
