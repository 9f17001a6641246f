using Fovea.Backends.OneDnn.Interop;
using static Fovea.Backends.OneDnn.Interop.DnnlArg;
using static Fovea.Backends.OneDnn.Tests.Interop.Workbench;

namespace Fovea.Backends.OneDnn.Tests.Interop;

public sealed class EltwiseTests
{
    /// <summary>Name → kind, α, β and the function in double; its derivative is taken by central differences.</summary>
    private static readonly Dictionary<string, (EltwiseKind Kind, float Alpha, float Beta, Func<double, double> F)> s_functions = new()
    {
        ["relu"] = (EltwiseKind.Relu, 0, 0, x => Math.Max(x, 0)),
        ["leaky relu"] = (EltwiseKind.Relu, 0.1f, 0, x => x > 0 ? x : 0.1f * x),
        ["relu by result"] = (EltwiseKind.ReluUseDst, 0, 0, x => Math.Max(x, 0)),
        ["tanh"] = (EltwiseKind.Tanh, 0, 0, Math.Tanh),
        ["tanh by result"] = (EltwiseKind.TanhUseDst, 0, 0, Math.Tanh),
        ["elu"] = (EltwiseKind.Elu, 1.5f, 0, x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1)),
        ["elu by result"] = (EltwiseKind.EluUseDst, 1.5f, 0, x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1)),
        ["square"] = (EltwiseKind.Square, 0, 0, x => x * x),
        ["abs"] = (EltwiseKind.Abs, 0, 0, Math.Abs),
        ["sqrt"] = (EltwiseKind.Sqrt, 0, 0, Math.Sqrt),
        ["sqrt by result"] = (EltwiseKind.SqrtUseDst, 0, 0, Math.Sqrt),
        ["linear"] = (EltwiseKind.Linear, 2, -0.25f, x => (2 * x) - 0.25),
        ["logistic"] = (EltwiseKind.Logistic, 0, 0, x => 1 / (1 + Math.Exp(-x))),
        ["logistic by result"] = (EltwiseKind.LogisticUseDst, 0, 0, x => 1 / (1 + Math.Exp(-x))),
        ["exp"] = (EltwiseKind.Exp, 0, 0, Math.Exp),
        ["exp by result"] = (EltwiseKind.ExpUseDst, 0, 0, Math.Exp),
        ["log"] = (EltwiseKind.Log, 0, 0, Math.Log),
        ["clip"] = (EltwiseKind.Clip, -0.5f, 0.75f, x => Math.Clamp(x, -0.5, 0.75)),
        ["clip v2"] = (EltwiseKind.ClipV2, -0.5f, 0.75f, x => Math.Clamp(x, -0.5, 0.75)),
        ["clip v2 by result"] = (EltwiseKind.ClipV2UseDst, -0.5f, 0.75f, x => Math.Clamp(x, -0.5, 0.75)),
        ["pow"] = (EltwiseKind.Pow, 0.5f, 2, x => 0.5 * x * x),
        ["gelu by erf"] = (EltwiseKind.GeluErf, 0, 0, x => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)))),
        ["gelu by tanh"] = (EltwiseKind.GeluTanh, 0, 0, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
        ["swish"] = (EltwiseKind.Swish, 1.25f, 0, x => x / (1 + Math.Exp(-1.25 * x))),
        ["mish"] = (EltwiseKind.Mish, 0, 0, x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ["hardswish"] = (EltwiseKind.Hardswish, 0, 0, x => x * Math.Clamp(x + 3, 0, 6) / 6),
        ["hardsigmoid"] = (EltwiseKind.Hardsigmoid, 0.2f, 0.5f, x => Math.Clamp((0.2 * x) + 0.5, 0, 1)),
    };

    public static TheoryData<string> Functions { get; } = new(s_functions.Keys);

    [Theory]
    [MemberData(nameof(Functions))]
    public void Value_and_derivative_agree_with_the_formula(string name)
    {
        var (kind, alpha, beta, f) = s_functions[name];
        var desc = F32(2, 18, 3, 3);
        var made = Api.EltwiseForward(Propagation.Training, kind, desc, desc, alpha, beta);
        Assert.SkipWhen(made is null && kind == EltwiseKind.Hardsigmoid, $"oneDNN {Api.Library.Version} has no {kind}");
        using var bench = new Workbench();
        using var forward = bench.Own(made);
        using var backward = bench.Own(Api.EltwiseBackward(kind, desc, desc, desc, forward, alpha, beta));

        var positive = kind is EltwiseKind.Sqrt or EltwiseKind.SqrtUseDst or EltwiseKind.Log;
        var x = Array.ConvertAll(Numbers(desc.Dims, 1), v => positive ? Math.Abs(v) + 0.25f : 4 * v);
        var dy = Numbers(desc.Dims, 2);
        var (src, dst, dx) = (bench.Put(desc, x), bench.New(desc), bench.New(desc));
        bench.Run(forward, (DNNL_ARG_SRC, src), (DNNL_ARG_DST, dst));
        var usesResult = kind.ToString().EndsWith("UseDst", StringComparison.Ordinal);
        bench.Run(backward, usesResult ? (DNNL_ARG_DST, dst) : (DNNL_ARG_SRC, src), (DNNL_ARG_DIFF_DST, bench.Put(desc, dy)), (DNNL_ARG_DIFF_SRC, dx));

        const double h = 1e-6;
        Close.To(Array.ConvertAll(x, v => f(v)), bench.Get(dst), tolerance: 1e-4);
        Close.To([.. x.Select((v, i) => dy[i] * (f(v + h) - f(v - h)) / (2 * h))], bench.Get(dx), tolerance: 1e-4);
    }

    [Fact]
    public void A_result_may_take_the_place_of_its_argument()
    {
        using var bench = new Workbench();
        var desc = F32(3, 7);
        using var relu = bench.Own(Api.EltwiseForward(Propagation.Inference, EltwiseKind.Relu, desc, desc));
        var x = Numbers(desc.Dims, 3);
        var memory = bench.Put(desc, x);
        bench.Run(relu, (DNNL_ARG_SRC, memory), (DNNL_ARG_DST, memory));
        Assert.Equal(Array.ConvertAll(x, v => Math.Max(v, 0)), bench.Get(memory));
    }

    /// <summary>The Maclaurin series; exact to double precision for |x| below 4.</summary>
    private static double Erf(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 120; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
