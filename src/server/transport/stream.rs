//! The bytes of a connection, plain or encrypted, and word of when they arrive.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{dev::Extensions, rt::net::TcpStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use crate::server::transport::overdue::Pace;

/// What HTTP is spoken over.
pub(super) struct Stream {
    pub(super) bytes: Bytes,
    pub(super) pace: Arc<Pace>,
}

/// Where the bytes come from and go to.
pub(super) enum Bytes {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

/// The client has shown a certificate that is signed by one of the configured authorities.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) struct ClientCertificate;

impl Stream {
    /// Lets every request see what is known of its connection.
    pub(super) fn introduce(&self, data: &mut Extensions) {
        data.insert(Arc::clone(&self.pace));
        if let Bytes::Encrypted(stream) = &self.bytes
            && stream.get_ref().1.peer_certificates().is_some()
        {
            data.insert(ClientCertificate);
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        let before = into.filled().len();
        let read = match &mut stream.bytes {
            Bytes::Plain(plain) => Pin::new(plain).poll_read(context, into),
            Bytes::Encrypted(encrypted) => Pin::new(encrypted).poll_read(context, into),
        };
        if into.filled().len() > before {
            stream.pace.heard();
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(plain) => Pin::new(plain).poll_write(context, bytes),
            Bytes::Encrypted(encrypted) => Pin::new(encrypted).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(plain) => Pin::new(plain).poll_flush(context),
            Bytes::Encrypted(encrypted) => Pin::new(encrypted).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(plain) => Pin::new(plain).poll_shutdown(context),
            Bytes::Encrypted(encrypted) => Pin::new(encrypted).poll_shutdown(context),
        }
    }
}
