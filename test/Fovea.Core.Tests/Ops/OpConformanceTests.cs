using Fovea.Conformance;
using Fovea.Execution;
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

    public static TheoryData<string> NarrowCases => [.. OpCatalogue.All.Where(@case => @case.HasBFloat16).Select(@case => @case.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_reference_backend_gives_the_result_of_the_oracle(string name) => ResultCheck.Run(new ReferenceBackend(), OpCatalogue.Find(name));

    [Theory]
    [MemberData(nameof(NarrowCases))]
    public void The_reference_backend_gives_the_result_of_the_oracle_in_bf16(string name) =>
        ResultCheck.Run(new ReferenceBackend(), OpCatalogue.Find(name), DType.BFloat16);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_that_of_central_differences(string name) => GradientCheck.OnOracle(OpCatalogue.Find(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_reference_backend_gives_the_gradient_of_the_oracle(string name) => GradientCheck.OnBackend(new ReferenceBackend(), OpCatalogue.Find(name));

    [Theory]
    [MemberData(nameof(NarrowCases))]
    public void The_gradient_graph_of_bf16_values_has_the_right_types(string name) =>
        GradientCheck.OnBackend(new ReferenceBackend(), OpCatalogue.Find(name), DType.BFloat16);

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
        OpCase[] every = [.. OpCatalogue.All, .. OpCatalogue.ForSpeed];
        Assert.Equal(every.Length, every.Select(@case => @case.Name).Distinct().Count());
        Assert.All(every, @case => Assert.StartsWith($"{@case.Op.Name}/", @case.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_case_of_real_size_fits_its_operation()
    {
        foreach (var @case in OpCatalogue.ForSpeed) Verifier.Verify(@case.Build().Graph);
    }

    [Fact]
    public void The_reference_backend_supports_every_op()
    {
        (IBackend, DType)[] columns = [(new ReferenceBackend(), DType.Float32), (new ReferenceBackend(), DType.BFloat16)];
        var rows = SupportTable.Of(columns);
        Assert.Empty(
            rows.Where(row => row.Answers[0] != "yes" || row.Answers[1] is not ("yes" or "–")).Select(row => $"{row.Op}: {row.Answers[0]}, {row.Answers[1]}"));
        Assert.Contains("| conv2d | yes | yes |", SupportTable.Print(rows, columns), StringComparison.Ordinal);
    }
}
