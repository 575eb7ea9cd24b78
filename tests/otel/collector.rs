//! A collector on loopback: it takes OTLP over HTTP, and keeps the spans.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message;

/// How long spans may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A collector.
#[derive(Default)]
pub struct Collector {
    taken: Mutex<Vec<Taken>>,
    grown: Condvar,
}

/// A span, as it was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The head of the request that brought it, in lower case.
    pub head: String,
    /// Who sent it.
    pub resource: BTreeMap<String, String>,
    /// The span.
    pub span: Span,
}

impl Taken {
    /// An attribute of the span, as text.
    pub fn get(&self, key: &str) -> Option<String> {
        texts(&self.span.attributes).remove(key)
    }
}

impl Collector {
    /// Starts one; its endpoint.
    pub fn start() -> (Arc<Collector>, String) {
        let (listener, endpoint) = listen();
        let collector = Arc::new(Collector::default());
        let own = Arc::clone(&collector);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let own = Arc::clone(&own);
                thread::spawn(move || own.serve(stream.unwrap()));
            }
        });
        (collector, endpoint)
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some((head, body)) = request(&mut reader) {
            let export = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
            let mut taken = self.taken.lock().unwrap();
            for spans in export.resource_spans {
                let resource = texts(&spans.resource.unwrap().attributes);
                let spans = spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
                taken.extend(spans.map(|span| Taken { head: head.clone(), resource: resource.clone(), span }));
            }
            self.grown.notify_all();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    }

    /// Waits for a span.
    pub fn wait(&self, found: impl Fn(&Taken) -> bool) -> Taken {
        let missing = |taken: &mut Vec<Taken>| !taken.iter().any(&found);
        let taken = self.taken.lock().unwrap();
        let (taken, waited) = self.grown.wait_timeout_while(taken, PATIENCE, missing).unwrap();
        assert!(!waited.timed_out(), "the span is not exported: {taken:#?}");
        taken.iter().find(|taken| found(taken)).unwrap().clone()
    }

    /// Every span until now.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

/// A port of loopback where nobody answers yet, as an endpoint.
pub fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    (listener, endpoint)
}

fn request(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Some((head, body))
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &KeyValue| match value.value.as_ref().unwrap().value.as_ref().unwrap() {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    attributes.iter().map(|attribute| (attribute.key.clone(), text(attribute))).collect()
}
