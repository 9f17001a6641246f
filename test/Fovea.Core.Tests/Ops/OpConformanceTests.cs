using Fovea.Conformance;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

public class OpConformanceTests
{
    private static readonly Dictionary<string, string> s_notInTable = new()
    {
        [nameof(Variable)] = "variables are declared, not applied",
    };

    public static TheoryData<string> Cases => [.. OpCatalogue.All.Select(@case => @case.Name)];

    public static TheoryData<string> Sums => [.. OpCatalogue.All.Where(@case => SampledOracle.Has(@case.Op)).Select(@case => @case.Name)];

    public static TheoryData<string> NarrowCases =>
        [.. OpCatalogue.All.Where(@case => @case.HasBFloat16 && GradientCheck.Covers(@case)).Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_central_differences(string name) => GradientCheck.OnOracle(OpCatalogue.Find(name));

    [Theory]
    [MemberData(nameof(NarrowCases))]
    public void The_gradient_graph_of_bf16_values_has_the_right_types(string name) => GradientCheck.Types(OpCatalogue.Find(name), DType.BFloat16);

    /// <summary>Two definitions of a sum of products: what each input contributes, and what each result is made of.</summary>
    [Theory]
    [MemberData(nameof(Sums))]
    public void The_interpreter_and_the_sampled_oracle_agree(string name)
    {
        var @case = OpCatalogue.Find(name);
        var node = @case.Build();
        OracleTensor[] inputs = [.. @case.Fill().Select(OracleTensor.From)];
        var all = new OracleTensor(node.Result.Shape);
        @case.Op.Evaluate(inputs, [all]);
        var places = Enumerable.Range(0, all.Elements.Length).ToArray();
        Comparison.Close(name, all, new(all.Shape, SampledOracle.At(@case.Op, inputs, all.Shape, places).Elements), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_operation_reads_back_from_its_text_as_an_equal_one(string name)
    {
        var op = OpCatalogue.Find(name).Op;
        var read = Completeness.Reread(op);
        Assert.Equal(op, read);
        Assert.Equal(op.GetHashCode(), read.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_graph_reads_back_from_its_text_and_is_sound(string name)
    {
        var graph = OpCatalogue.Find(name).Build().Graph;
        Verifier.Verify(graph);
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(GraphParser.Parse(GraphPrinter.Print(graph))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_work_of_an_operation_is_counted(string name)
    {
        var node = OpCatalogue.Find(name).Build();
        TensorType[] inputs = [.. node.Inputs.Select(input => input.Type)], results = [.. node.Results.Select(result => result.Type)];
        var cost = node.Op.Cost(inputs, results);
        Assert.True(cost is { Macs: >= 0, Bytes: >= 0 } && cost.Flops >= 2 * cost.Macs, $"{cost}");
    }

    [Fact]
    public void Every_op_type_is_in_the_table() =>
        Assert.Empty(Completeness.Problems(
            Completeness.OpTypes.Select(type => type.Name),
            OpCatalogue.All.Select(@case => Completeness.Reread(@case.Op).GetType().Name),
            s_notInTable));

    [Fact]
    public void Every_name_in_the_table_has_a_case() =>
        Assert.Empty(Completeness.Problems(OpTable.Names, OpCatalogue.All.Select(@case => @case.Op.Name), new Dictionary<string, string>()));

    [Fact]
    public void Case_names_are_unique_and_begin_with_the_op()
    {
        OpCase[] every = [.. OpCatalogue.All, .. OpCatalogue.RealSize];
        Assert.Equal(every.Length, every.Select(@case => @case.Name).Distinct().Count());
        Assert.All(every, @case => Assert.StartsWith($"{@case.Op.Name}/", @case.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_case_of_real_size_fits_its_operation()
    {
        foreach (var @case in OpCatalogue.RealSize) Verifier.Verify(@case.Build().Graph);
    }
}
